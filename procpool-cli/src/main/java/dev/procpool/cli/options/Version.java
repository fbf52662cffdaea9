package dev.procpool.cli.options;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says; this program's comes from the jar's manifest. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "procpool " + (version == null ? "(not packaged)" : version),
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.home")
    };
  }
}
