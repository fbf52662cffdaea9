package dev.procpool.folder;

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
 * Removes a folder by its path, where the system has no handles of folders. Links are removed, not
 * followed; but who can put a link in the place of a folder in it while this runs may have other
 * files removed, so it is for folders that only this user can enter.
 */
final class PathRemoval {

  private static final int ROUNDS = 3;

  private PathRemoval() {}

  /** Removes a folder, as far as this user may. Does nothing if it is not there, or a link. */
  static void remove(Path folder) {
    for (int round = 0; round < ROUNDS; round++) {
      try {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          return;
        }
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
