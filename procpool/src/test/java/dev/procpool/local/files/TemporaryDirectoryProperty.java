package dev.procpool.local.files;

import java.nio.file.Path;

/** The JVM's temporary directory, which a test replaces and puts back. */
public final class TemporaryDirectoryProperty {

  private static final String NAME = "java.io.tmpdir";

  private final String before = System.getProperty(NAME);

  public void set(Path directory) {
    System.setProperty(NAME, directory.toString());
  }

  public void restore() {
    System.setProperty(NAME, before);
  }
}
