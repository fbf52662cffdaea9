package dev.procpool.cli;

import dev.procpool.cli.stop.Shutdown;
import dev.procpool.local.archive.ArchiveFolder;
import dev.procpool.local.archive.ClassArchive;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The archive of classes that the launcher script has its JVM start from: it takes half of the
 * processor time of a run of one item. It lies among those of the pools' workers, see {@link
 * ArchiveFolder}, and the script, which knows JDK and jar, gives it its name.
 *
 * <p>Made once, after the results of a run have gone out, by a run of a process of its own, which
 * takes seconds. Who runs the program but once does not wait for that: the first run leaves a mark,
 * the second makes the archive. Stateless.
 */
final class LauncherArchive {

  /** The system property by which the script says where the archive is or is to be. */
  static final String PROPERTY = "procpool.launcher";

  private static final String END = ".jsa";
  private static final long MOST_BYTES = 256L << 20;
  private static final int MOST_SECONDS = 60;

  private static final String SOURCE =
      """
      class Rehearsal {
        static double price(int quantity, double rate) {
          return quantity * rate;
        }
      }
      """;

  private LauncherArchive() {}

  /** Makes the archive if that is due. Never fails: a JVM starts without one, too. */
  static void makeIfDue() {
    String named = System.getProperty(PROPERTY);
    boolean isOff = "off".equals(System.getProperty(ArchiveFolder.PROPERTY));
    if (named == null || !named.endsWith(END) || isOff || Shutdown.isUnderway()) {
      return;
    }
    Path file = Path.of(named).toAbsolutePath();
    String name = file.getFileName().toString();
    String key = name.substring(0, name.length() - END.length());
    ArchiveFolder folder = new ArchiveFolder(Objects.requireNonNull(file.getParent()), MOST_BYTES);
    if (Files.exists(file)) {
      return;
    }
    boolean isSecond = folder.wasCut(key);
    try {
      folder.make(key, part -> isSecond && record(part));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs an item in a JVM that writes an archive of what it has loaded when it ends. */
  private static boolean record(Path part) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("procpool-archive");
    try {
      Path source = Files.writeString(folder.resolve("Rehearsal.java"), SOURCE);
      Path rows = Files.writeString(folder.resolve("rows.csv"), "quantity,rate\n2,0.5\n");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
      command.addAll(ClassArchive.recording(part));
      command.add("-Djava.io.tmpdir=" + folder);
      command.addAll(List.of("-jar", System.getProperty("java.class.path"), "starmap"));
      command.addAll(List.of(source + "::price", rows.toString(), "--header", "--workers", "1"));
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      } finally {
        process.destroyForcibly().waitFor();
      }
    } finally {
      remove(folder.toFile());
    }
  }

  private static void remove(File file) {
    File[] files = file.listFiles();
    if (files != null) {
      for (File inner : files) {
        remove(inner);
      }
    }
    if (!file.delete()) {
      file.deleteOnExit(); // of our own, in the folder for such: no harm if it stays
    }
  }
}
