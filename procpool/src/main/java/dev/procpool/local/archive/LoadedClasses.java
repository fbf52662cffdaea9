package dev.procpool.local.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The classes that a pool's first workers have loaded, as their JVMs write them into files of the
 * pool's directory, with which these go.
 *
 * <p>Thread-safe.
 */
public final class LoadedClasses {

  /** So many tell; a pool may start workers without end. */
  private static final int MOST_WORKERS = 4;

  private static final int MOST_CLASSES = 50_000;
  private static final String PREFIX = "classes-";
  private static final String SUFFIX = ".log";

  /** What a JVM's option can't have in a path. */
  private static final String UNFIT = "%:,\"'\\";

  private final Path directory;
  private final AtomicInteger workers = new AtomicInteger();

  /**
   * Makes one of no classes yet.
   *
   * @param directory where workers write
   */
  public LoadedClasses(Path directory) {
    this.directory = directory;
  }

  /** The option for a worker that starts now; none if enough others tell. */
  List<String> options() {
    String path = directory.toString();
    for (int i = 0; i < UNFIT.length(); i++) {
      if (path.indexOf(UNFIT.charAt(i)) >= 0) {
        return List.of();
      }
    }
    return workers.incrementAndGet() > MOST_WORKERS
        ? List.of()
        : List.of(
            "-Xlog:class+load=info:file="
                + path
                + "/"
                + PREFIX
                + "%p"
                + SUFFIX
                + ":none:filecount=0");
  }

  /** The names of the classes. Takes time. */
  public List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        read(file, names);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // those that were read are enough
    }
    return new ArrayList<>(names);
  }

  private static void read(Path file, Set<String> names) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine();
          line != null && names.size() < MOST_CLASSES;
          line = lines.readLine()) {
        int end = line.indexOf(" source: ");
        String name = end > 0 ? line.substring(0, end) : "";
        if (!name.isEmpty() && name.indexOf('/') < 0) { // else it has none that others know
          names.add(name);
        }
      }
    }
  }
}
