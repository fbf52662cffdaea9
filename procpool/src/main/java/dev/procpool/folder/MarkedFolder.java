package dev.procpool.folder;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/** A pool's folder as others than the pool's process know it: by its mark, owner and rights. */
public final class MarkedFolder {

  private static final Path SELF = Path.of("/proc/self");

  private MarkedFolder() {}

  /**
   * Removes a pool's folder, if it is provably one of this user's: no link, closed to others, with
   * the pool's mark, or empty. Does nothing if it is not there.
   */
  public static void remove(Path folder) {
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null) {
      return;
    }
    try (FolderHandle outer = FolderHandle.open(parent)) {
      if (outer == null) {
        removeByPath(folder);
      } else {
        remove(outer, name.toString(), Files.getOwner(SELF));
      }
    } catch (IOException | DirectoryIteratorException e) {
      // gone meanwhile, or not ours
    }
  }

  private static void remove(FolderHandle parent, String name, UserPrincipal user)
      throws IOException {
    try (FolderHandle folder = open(parent, name, user)) {
      if (folder != null && PoolMark.read(folder, name) != null) {
        FolderRemoval.remove(parent, name, folder, PoolMark.FILE);
      } else if (folder != null) {
        parent.deleteFolder(name); // if it is empty: the pool ended before it had done this
      }
    }
  }

  private static void removeByPath(Path folder) throws IOException {
    boolean isPools =
        Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.isRegularFile(folder.resolve(PoolMark.FILE), LinkOption.NOFOLLOW_LINKS);
    if (isPools) {
      PathRemoval.remove(folder);
    }
  }

  /**
   * Opens a folder that is a user's and closed to all others.
   *
   * @return null if it is not, or no folder
   * @throws IOException if it is gone
   */
  public static @Nullable FolderHandle open(FolderHandle parent, String name, UserPrincipal user)
      throws IOException {
    if (!isOf(user, parent.attributes(name))) {
      return null; // nothing of others is opened
    }
    FolderHandle folder = parent.folder(name);
    try {
      if (isOf(user, folder.attributes())) {
        return folder;
      }
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
    folder.close();
    return null;
  }

  private static boolean isOf(UserPrincipal user, PosixFileAttributes folder) {
    return folder.isDirectory() && FolderHandle.isClosed(folder) && folder.owner().equals(user);
  }
}
