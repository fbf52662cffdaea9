package dev.procpool.local;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.protocol.FolderRemoval;
import dev.procpool.protocol.PoolPlace;
import dev.procpool.protocol.SystemRandom;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/**
 * The pool's own directory, closed to other users: the socket that workers connect to, their run
 * pages, shared values, the file with the JVM's arguments, the workers' temporary files.
 *
 * <p>Thread-safe. It is removed with the pool; by the workers if the pool's process was killed; and
 * if those were killed too, by the next pool on this machine. Pools nested in tasks have theirs in
 * that of the outermost pool, so that they go with it at the latest.
 */
final class PoolDirectory {

  private static final String PREFIX = "procpool-";

  /** The system's limit for a socket's path is 108 bytes on Linux and 104 on macOS. */
  private static final int MAX_SOCKET_PATH_BYTES = 100;

  /** A directory without a listener this young may be one that is just being made. */
  private static final Duration MIN_STALE_AGE = Duration.ofMinutes(1);

  private final Path path;
  private final CountDownLatch listening = new CountDownLatch(1);

  private PoolDirectory(Path path) {
    this.path = path;
  }

  static PoolDirectory create() throws IOException {
    String outermost = System.getProperty(PoolPlace.PROPERTY);
    String temporary = System.getProperty("java.io.tmpdir");
    Path base = Path.of(outermost == null ? temporary : outermost).toAbsolutePath();
    PoolDirectory made = create(base);
    if (made.socket().toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
      made.delete();
      made = create(Path.of("/tmp"));
    }
    return made;
  }

  private static PoolDirectory create(Path base) throws IOException {
    long number = ByteBuffer.wrap(SystemRandom.bytes(Long.BYTES)).getLong(); // a path must be short
    String name = PREFIX + Long.toUnsignedString(number, Character.MAX_RADIX);
    PoolDirectory made = new PoolDirectory(Files.createDirectory(base.resolve(name), ownerOnly()));
    try {
      PoolMark.write(made.path);
      return made;
    } catch (IOException | RuntimeException | Error e) {
      made.delete();
      throw e;
    }
  }

  /** The rights of what is its owner's alone. */
  static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  ServerSocketChannel listen() throws IOException {
    try {
      return bind();
    } finally {
      listening.countDown();
    }
  }

  /** Waits until {@link #listen} is over. */
  void awaitListening() throws InterruptedException {
    listening.await();
  }

  private ServerSocketChannel bind() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket()), 1024);
      server.configureBlocking(false);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  Path socket() {
    return path.resolve(PoolPlace.SOCKET);
  }

  /** The part of its name that nobody can guess. */
  String secret() {
    return path.getFileName().toString().substring(PREFIX.length());
  }

  /** The option that tells workers where pools of their own have their directory. */
  String option() {
    return "-D"
        + PoolPlace.PROPERTY
        + "="
        + System.getProperty(PoolPlace.PROPERTY, path.toString());
  }

  Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** Removes one file, if it is there. */
  void remove(String name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      // it goes with the directory
    }
  }

  /** Removes the directory and what is in it; does nothing if it is gone. */
  void delete() {
    FolderRemoval.remove(path);
  }

  /** Removes the directories of pools that were killed together with all their workers. */
  void deleteStale() {
    Path base = path.getParent();
    try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, PREFIX + "*")) {
      for (Path candidate : candidates) {
        if (!candidate.equals(path) && (isStale(candidate) || isHalfMade(candidate))) {
          FolderRemoval.remove(candidate);
        }
      }
    } catch (IOException e) {
      // not readable, or changing under our eyes: the next pool will try again
    }
  }

  private static boolean isStale(Path candidate) throws IOException {
    return Files.isDirectory(candidate)
        && Files.exists(candidate.resolve(PoolPlace.SOCKET))
        && isOld(candidate)
        && !WorkerChannel.isListening(candidate.resolve(PoolPlace.SOCKET));
  }

  /** Tells whether a pool was killed before it had a socket. */
  private boolean isHalfMade(Path candidate) throws IOException {
    return !Files.exists(candidate.resolve(PoolPlace.SOCKET), LinkOption.NOFOLLOW_LINKS)
        && PoolMark.isOfDeadProcess(candidate, path)
        && isOld(candidate);
  }

  private static boolean isOld(Path candidate) throws IOException {
    return Files.getLastModifiedTime(candidate)
        .toInstant()
        .isBefore(Instant.now().minus(MIN_STALE_AGE));
  }
}
