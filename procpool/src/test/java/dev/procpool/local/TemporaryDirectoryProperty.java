package dev.procpool.local;

import java.nio.file.Path;

/** The JVM's temporary directory, which a test replaces and puts back. */
final class TemporaryDirectoryProperty {

  private static final String NAME = "java.io.tmpdir";

  private final String before = System.getProperty(NAME);

  void set(Path directory) {
    System.setProperty(NAME, directory.toString());
  }

  void restore() {
    System.setProperty(NAME, before);
  }
}
