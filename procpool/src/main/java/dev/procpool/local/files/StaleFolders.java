package dev.procpool.local.files;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.folder.FolderHandle;
import dev.procpool.folder.FolderRemoval;
import dev.procpool.folder.MarkedFolder;
import dev.procpool.folder.PoolMark;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What killed pools have left in a place where others may write, too. A folder goes only if it is
 * provably a pool's of this user whose process has ended: no link, closed to others, with a {@link
 * PoolMark} that says so, or that leaves it to the pool's socket, and nobody listens there. It goes
 * through the handle that this was found out with.
 *
 * <p>Where the system has no handles of folders, nothing goes.
 */
final class StaleFolders {

  /** One without a listener, or without a mark, may be just being made if it is this young. */
  private static final Duration MIN_AGE = Duration.ofMinutes(1);

  private final Path place;
  private final String prefix;
  private final String own;
  private final UserPrincipal user;

  private StaleFolders(Path own, String prefix) throws IOException {
    this.place = Objects.requireNonNull(own.getParent());
    this.prefix = prefix;
    this.own = Objects.requireNonNull(own.getFileName()).toString();
    this.user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Removes them.
   *
   * @param own a folder of this process's pool, which lies where they do
   * @param prefix how their names begin
   */
  static void removeBeside(Path own, String prefix) {
    try {
      new StaleFolders(own, prefix).remove();
    } catch (IOException | DirectoryIteratorException | UnsupportedOperationException e) {
      // not readable, or changing under our eyes: the next pool will try again
    }
  }

  private void remove() throws IOException {
    try (FolderHandle parent = FolderHandle.open(place)) {
      if (parent == null) {
        return;
      }
      try (DirectoryStream<Path> entries = parent.list()) {
        for (Path entry : entries) {
          String name = Objects.requireNonNull(entry.getFileName()).toString();
          if (name.startsWith(prefix) && !name.equals(own)) {
            removeIfStale(parent, name);
          }
        }
      }
    }
  }

  private void removeIfStale(FolderHandle parent, String name) {
    try (FolderHandle folder = MarkedFolder.open(parent, name, user)) {
      if (folder == null) {
        return;
      }
      PoolMark mark = PoolMark.read(folder, name);
      if (mark == null) {
        removeIfHardlyBegun(parent, name, folder);
      } else if (hasEnded(mark, folder, place.resolve(name))) {
        FolderRemoval.remove(parent, name, folder, PoolMark.FILE);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // gone meanwhile
    }
  }

  private static boolean hasEnded(PoolMark mark, FolderHandle folder, Path path)
      throws IOException {
    return switch (mark.maker()) {
      case ENDED -> true;
      case ONLY_SOCKET_TELLS ->
          isOld(folder.attributes()) && WorkerChannel.isDead(path.resolve(mark.socket()));
      case MAY_RUN -> false;
    };
  }

  /**
   * Removes the folder of a pool that was killed before it could mark it: there is nothing in it.
   */
  private void removeIfHardlyBegun(FolderHandle parent, String name, FolderHandle folder)
      throws IOException {
    if (!PoolDirectory.isSecret(name.substring(prefix.length())) || !isOld(folder.attributes())) {
      return;
    }
    PosixFileAttributes mark = begunMark(folder);
    if (mark != null && mark.isRegularFile() && mark.size() == 0) {
      folder.deleteFile(PoolMark.FILE);
    }
    parent.deleteFolder(name); // fails if anything is in it
  }

  private static @Nullable PosixFileAttributes begunMark(FolderHandle folder) {
    try {
      return folder.attributes(PoolMark.FILE);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isOld(PosixFileAttributes folder) {
    FileTime changed = folder.lastModifiedTime();
    return changed.toInstant().isBefore(Instant.now().minus(MIN_AGE));
  }
}
