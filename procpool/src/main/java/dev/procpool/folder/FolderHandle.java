package dev.procpool.folder;

import dev.procpool.guard.Uninterrupted;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is held open: what is done through it is done to that folder and what is in it,
 * wherever its name leads by then. Names are of what is in the folder itself; no link is followed.
 *
 * <p>Such handles are the system's ({@link SecureDirectoryStream}); Linux has them. Thread-safe.
 */
public final class FolderHandle implements Closeable {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final SecureDirectoryStream<Path> stream;

  /** By what path it was opened. */
  private final Path path;

  private FolderHandle(SecureDirectoryStream<Path> stream, Path path) {
    this.stream = stream;
    this.path = path;
  }

  /**
   * Opens a folder.
   *
   * @param path may be a link
   * @return null where the system has no such handles
   * @throws IOException if it is no folder, or closed to us
   */
  @SuppressWarnings("StreamResourceLeak") // the handle closes it
  public static @Nullable FolderHandle open(Path path) throws IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(path);
    if (opened instanceof SecureDirectoryStream<Path> stream) {
      return new FolderHandle(stream, path);
    }
    opened.close();
    return null;
  }

  /**
   * Opens a folder in it.
   *
   * @throws IOException if it is no folder, a link, another one by now, or closed to us
   */
  public FolderHandle folder(String name) throws IOException {
    PosixFileAttributes seen = attributes(name);
    if (!seen.isDirectory()) {
      throw new NotDirectoryException(name);
    }
    // with the dot nothing else is opened: to open a pipe takes until somebody writes to it
    FolderHandle opened =
        new FolderHandle(
            stream.newDirectoryStream(Path.of(name, "."), LinkOption.NOFOLLOW_LINKS),
            path.resolve(name));
    try {
      if (!Objects.equals(seen.fileKey(), opened.attributes().fileKey())) {
        throw new NotDirectoryException(name);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** By what path it was opened. */
  Path path() {
    return path;
  }

  /** What it is itself. */
  public PosixFileAttributes attributes() throws IOException {
    return stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
  }

  /** What a name in it stands for, a link for itself. */
  public PosixFileAttributes attributes(String name) throws IOException {
    return stream
        .getFileAttributeView(
            Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Tells whether nobody but its owner may enter. */
  public static boolean isClosed(PosixFileAttributes folder) {
    return folder.permissions().equals(OWNER_ONLY);
  }

  /** What is in it, once more from the beginning; to be closed. */
  public DirectoryStream<Path> list() throws IOException {
    return stream.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Reads a file of whose owner we know that he has no pipe there.
   *
   * @return null if it is not there, no regular file, or larger than allowed
   */
  public @Nullable String read(String name, int mostBytes) throws IOException {
    PosixFileAttributes file = attributes(name);
    if (!file.isRegularFile() || file.size() > mostBytes) {
      return null;
    }
    return Uninterrupted.call(() -> readNow(name, mostBytes));
  }

  private String readNow(String name, int mostBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(mostBytes);
    try (SeekableByteChannel in =
        stream.newByteChannel(
            Path.of(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // on to its end
      }
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  /** Removes what is no folder. */
  public void deleteFile(String name) throws IOException {
    stream.deleteFile(Path.of(name));
  }

  /** Removes an empty folder. */
  public void deleteFolder(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  /** Moves a folder to another, where it has another name; opens it if its owner has closed it. */
  void move(String name, FolderHandle target, String newName) throws IOException {
    try {
      stream.move(Path.of(name), target.stream, Path.of(newName));
    } catch (AccessDeniedException e) {
      allow(name);
      stream.move(Path.of(name), target.stream, Path.of(newName));
    }
  }

  /** Lets its owner do all with it. */
  void allow() throws IOException {
    PosixFileAttributeView view = stream.getFileAttributeView(PosixFileAttributeView.class);
    if (!view.readAttributes().permissions().containsAll(OWNER_ONLY)) {
      view.setPermissions(OWNER_ONLY);
    }
  }

  /** Lets the owner do all with a folder in it, by its path: a closed one can't be opened. */
  void allow(String name) throws IOException {
    if (attributes(name).isDirectory()) {
      Files.setPosixFilePermissions(path.resolve(name), OWNER_ONLY);
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // it was for reading
    }
  }
}
