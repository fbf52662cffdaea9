package dev.procpool.folder;

import dev.procpool.guard.Descriptors;
import dev.procpool.guard.Uninterrupted;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Removes a folder with all that is in it, whatever others do meanwhile: everything goes through
 * open handles, links are removed and never followed, what is mounted there stays. It may meet
 * another removal of the same folder, and tasks that still write to it.
 *
 * <p>Where the system has no such handles ({@link FolderHandle}), only folders go that this process
 * has made, by path ({@link PathRemoval}).
 */
public final class FolderRemoval {

  /** How often a folder is emptied into which somebody still writes. */
  private static final int ROUNDS = 5;

  /** A folder, one in it, and the lists of both. */
  private static final int DESCRIPTORS = 8;

  /** How often a removal fails with descriptors: others may take them at any moment. */
  private static final int MOST_FAILURES = 3;

  /** So long a removal waits for descriptors: who has taken them all gives some back, or ends. */
  private static final long SHORTAGE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How the names begin that folders get before they are emptied. */
  private static final String TAKEN = "~procpool-";

  private FolderRemoval() {}

  /** Which folder a path means now, to tell later whether it still does; null if none. */
  public static @Nullable Object key(Path folder) {
    try {
      return Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Removes a folder that this process has made. Does nothing if it is not there, or is another one
   * by now.
   *
   * @param key what {@link #key} said when it had been made
   */
  public static void remove(Path folder, @Nullable Object key) {
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent != null && name != null) {
      withDescriptors(folder, key, () -> removeNow(parent, name, folder, key));
    }
  }

  private static void removeNow(Path parent, Path name, Path folder, @Nullable Object key) {
    try (FolderHandle outer = FolderHandle.open(parent)) {
      if (outer == null) {
        PathRemoval.remove(folder);
      } else {
        remove(outer, name.toString(), key);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // gone meanwhile, or not ours
    }
  }

  /**
   * Removes a folder within one that this process has made and closed to others.
   *
   * @param key what {@link #key} said of the outer one
   * @param name of the inner one
   */
  public static void removeWithin(Path folder, @Nullable Object key, String name) {
    withDescriptors(folder.resolve(name), null, () -> removeWithinNow(folder, key, name));
  }

  private static void removeWithinNow(Path folder, @Nullable Object key, String name) {
    try (FolderHandle outer = FolderHandle.open(folder)) {
      if (outer == null) {
        PathRemoval.remove(folder.resolve(name));
      } else if (key == null || key.equals(outer.attributes().fileKey())) {
        remove(outer, name, null);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // gone meanwhile, or not ours
    }
  }

  /**
   * Removes the files in a folder whose names begin in a way. What can't be removed stays, and the
   * rest goes all the same. Does nothing where the system has no handles.
   */
  public static void removeFiles(Path folder, String beginning) {
    try (FolderHandle handle = FolderHandle.open(folder)) {
      if (handle != null) {
        removeFiles(handle, beginning);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // not there, not ours, or changing under our eyes
    }
  }

  private static void removeFiles(FolderHandle folder, String beginning) throws IOException {
    try (DirectoryStream<Path> entries = folder.list()) {
      for (Path entry : entries) {
        String name = nameOf(entry);
        if (name.startsWith(beginning)) {
          deleteFile(folder, name);
        }
      }
    }
  }

  /** Tries a removal again that found no descriptors, once there are some. */
  private static void withDescriptors(Path folder, @Nullable Object key, Runnable removal) {
    removal.run();
    if (isThere(folder, key)) {
      int[] failures = new int[1];
      Uninterrupted.until(
          () -> {
            boolean hadSome = Descriptors.free(DESCRIPTORS) == DESCRIPTORS;
            removal.run();
            failures[0] += hadSome ? 1 : 0; // or it was for want of these: taken after the look
            return failures[0] >= MOST_FAILURES || !isThere(folder, key);
          },
          SHORTAGE_NANOS);
    }
  }

  private static boolean isThere(Path folder, @Nullable Object key) {
    Object now = key(folder);
    return now != null && (key == null || key.equals(now));
  }

  private static void remove(FolderHandle parent, String name, @Nullable Object key)
      throws IOException {
    try (FolderHandle folder = openClosed(parent, name)) {
      if (key == null || key.equals(folder.attributes().fileKey())) {
        remove(parent, name, folder, PoolMark.FILE);
      }
    }
  }

  /**
   * Removes a folder that is proven to be ours.
   *
   * @param parent where it is
   * @param name its name there
   * @param folder the folder
   * @param last what goes last, since it proves that the rest is ours
   */
  public static void remove(FolderHandle parent, String name, FolderHandle folder, String last)
      throws IOException {
    folder.allow();
    for (int round = 0; round < ROUNDS; round++) {
      if (empty(folder, last)) {
        deleteFile(folder, last);
        break;
      }
    }
    parent.deleteFolder(name); // if anything is left, with what proves it
  }

  /** Removes what is in a folder, but for one file; tells whether there was nothing. */
  private static boolean empty(FolderHandle root, String last) throws IOException {
    boolean none = true;
    Deque<String> folders = new ArrayDeque<>();
    try (DirectoryStream<Path> entries = root.list()) {
      for (Path entry : entries) {
        String name = nameOf(entry);
        if (name.startsWith(TAKEN)) { // another removal is at it, or was
          folders.add(name);
        } else if (!name.equals(last)) {
          take(root, name, root, folders);
        }
        none &= name.equals(last);
      }
    }
    for (String next = folders.poll(); next != null; next = folders.poll()) {
      dissolve(root, next, folders);
    }
    return none;
  }

  /**
   * Removes a folder, and brings those in it up to the root: so no depth costs handles or stack.
   * What can't be removed stays, and the rest goes all the same.
   */
  private static void dissolve(FolderHandle root, String name, Deque<String> folders) {
    try {
      try (FolderHandle folder = openClosed(root, name)) {
        folder.allow();
        try (DirectoryStream<Path> entries = folder.list()) {
          for (Path entry : entries) {
            take(folder, nameOf(entry), root, folders);
          }
        }
      }
      root.deleteFolder(name);
    } catch (IOException | DirectoryIteratorException e) {
      // gone meanwhile, or not ours
    }
  }

  private static void take(
      FolderHandle from, String name, FolderHandle root, Deque<String> folders) {
    try {
      if (from.attributes(name).isDirectory()) {
        String fresh = TAKEN + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        from.move(name, root, fresh); // what is mounted can't have another name
        folders.add(fresh);
      } else {
        from.deleteFile(name);
      }
    } catch (IOException e) {
      // gone meanwhile, mounted, or not ours
    }
  }

  private static void deleteFile(FolderHandle folder, String name) {
    try {
      folder.deleteFile(name);
    } catch (IOException e) {
      // gone meanwhile
    }
  }

  /** Opens a folder that a task may have closed to itself. */
  private static FolderHandle openClosed(FolderHandle parent, String name) throws IOException {
    try {
      return parent.folder(name);
    } catch (AccessDeniedException e) {
      parent.allow(name);
      return parent.folder(name);
    }
  }

  private static String nameOf(Path entry) {
    return Objects.requireNonNull(entry.getFileName()).toString();
  }
}
