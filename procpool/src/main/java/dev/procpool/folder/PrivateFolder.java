package dev.procpool.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/**
 * A folder whose files nobody else can change: a real one, of this user or root, where no other may
 * write; nor may others put another in its place, or in that of a folder that it is in. Like what
 * OpenSSH demands of a home ({@code StrictModes}).
 */
public final class PrivateFolder {

  private static final String ROOT = "root";

  /** In a folder with this bit a user can rename and remove only what is his own. */
  private static final int STICKY = 01000;

  private PrivateFolder() {}

  /**
   * Follows the links among the folders that a folder is in, as far as these exist: what they lead
   * to can be judged, and does not change when a link does.
   */
  public static Path resolve(Path folder) {
    Path parent = folder.toAbsolutePath().getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null) {
      return folder;
    }
    try {
      return parent.toRealPath().resolve(name);
    } catch (IOException e) {
      return resolve(parent).resolve(name); // it is not there yet
    }
  }

  /**
   * Tells whether a folder is one.
   *
   * @param folder as {@link #resolve} gave it
   */
  public static boolean is(Path folder) {
    try {
      PosixFileAttributes own = attributes(folder);
      if (!isOfUser(own)
          || isWritable(own, PosixFilePermission.GROUP_WRITE)
          || isWritable(own, PosixFilePermission.OTHERS_WRITE)) {
        return false;
      }
      for (Path outer = folder.getParent(); outer != null; outer = outer.getParent()) {
        if (!holdsWhatItHas(outer)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static PosixFileAttributes attributes(Path folder) throws IOException {
    return Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isOfUser(PosixFileAttributes folder) {
    String owner = folder.owner().getName();
    return folder.isDirectory()
        && (owner.equals(System.getProperty("user.name")) || owner.equals(ROOT));
  }

  /** Tells whether nobody else can rename or remove what this user or root has in a folder. */
  private static boolean holdsWhatItHas(Path folder) throws IOException {
    PosixFileAttributes attributes = attributes(folder);
    boolean othersWrite =
        isWritable(attributes, PosixFilePermission.OTHERS_WRITE)
            || isWritable(attributes, PosixFilePermission.GROUP_WRITE) && !hasOwnGroup(attributes);
    return isOfUser(attributes) && (!othersWrite || isSticky(folder));
  }

  private static boolean isSticky(Path folder) throws IOException {
    int mode = (int) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & STICKY) != 0;
  }

  /** Many systems give each user a group of his own, and let it write in his home. */
  private static boolean hasOwnGroup(PosixFileAttributes folder) {
    return folder.group().getName().equals(folder.owner().getName());
  }

  private static boolean isWritable(PosixFileAttributes folder, PosixFilePermission who) {
    return folder.permissions().contains(who);
  }
}
