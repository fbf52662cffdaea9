package dev.procpool.local.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a class path or module path, made to mean the same in a worker. As a rule they become
 * absolute. Where this process's directory has a name that no path can hold, one with a separator
 * in it or with characters that the encoding of file names does not have, a relative entry stays
 * what it is: a worker starts in the same directory.
 */
public final class PathEntries {

  private final boolean keepsRelative;

  /**
   * Looks at this process's directory.
   *
   * @param workingDirectory that of workers; null if it is the same
   */
  public PathEntries(@Nullable Path workingDirectory) {
    Path own = Path.of("").toAbsolutePath();
    this.keepsRelative =
        workingDirectory == null
            && (own.toString().contains(File.pathSeparator) || !Files.isDirectory(own))
            && !WorkingDirectory.isOwnLost(); // else they would be looked for where workers start
  }

  /** Adds all entries of a path; none if it is empty. */
  void addAll(String path, Collection<String> entries) {
    if (!path.isEmpty()) {
      for (String entry : path.split(File.pathSeparator, -1)) {
        entries.add(of(entry));
      }
    }
  }

  /**
   * Gives an entry as workers get it.
   *
   * @throws IllegalArgumentException if a path can't hold it
   */
  public String of(String entry) {
    Path path = Path.of(entry);
    if (keepsRelative && !path.isAbsolute()) {
      return entry.isEmpty() ? "." : entry;
    }
    String absolute = path.toAbsolutePath().toString();
    if (absolute.contains(File.pathSeparator)) {
      throw new IllegalArgumentException(
          "the class path can't have "
              + absolute
              + " as an entry for workers, since '"
              + File.pathSeparator
              + "' separates entries: rename it, or name a link to it");
    }
    return absolute;
  }
}
