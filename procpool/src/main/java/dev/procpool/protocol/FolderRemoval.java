package dev.procpool.protocol;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a folder with all that is in it. Links are removed, never followed. It may meet another
 * removal of the same folder, and tasks that still write to it.
 */
public final class FolderRemoval {

  /** How often a folder is emptied into which somebody still writes. */
  private static final int ROUNDS = 3;

  private FolderRemoval() {}

  /**
   * Removes a folder, as far as this user may. Does nothing if it is not there.
   *
   * @param folder no link
   */
  public static void remove(Path folder) {
    for (int round = 0; round < ROUNDS; round++) {
      try {
        empty(folder);
        Files.deleteIfExists(folder);
        return;
      } catch (AccessDeniedException e) {
        open(folder);
      } catch (DirectoryNotEmptyException e) {
        // once more
      } catch (IOException | DirectoryIteratorException e) {
        return; // gone meanwhile, or not ours
      }
    }
  }

  /** Folders in it come last, when it is closed: else each level would keep a file open. */
  private static void empty(Path folder) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(entry);
        } else {
          Files.deleteIfExists(entry);
        }
      }
    }
    for (Path inner : folders) {
      remove(inner);
    }
  }

  /** A task may have closed its own folder to itself. */
  private static void open(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException | UnsupportedOperationException e) {
      // not ours: then it stays
    }
  }
}
