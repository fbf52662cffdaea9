package dev.procpool.local.files;

import dev.procpool.folder.FolderRemoval;
import dev.procpool.folder.PoolMark;
import dev.procpool.protocol.PoolPlace;
import dev.procpool.protocol.SystemRandom;
import dev.procpool.spi.SandboxCommand;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The pool's own directory, closed to other users: the socket that workers connect to, their run
 * pages, shared values, the file with the JVM's arguments, the workers' temporary files.
 *
 * <p>Thread-safe. It is removed with the pool; by the workers if the pool's process was killed; and
 * if those were killed too, by the next pool on this machine. Pools nested in tasks have theirs in
 * that of the outermost pool, so that they go with it at the latest.
 */
public final class PoolDirectory implements Runnable {

  private static final String PREFIX = "procpool-";

  /**
   * The folder within for files of single workers, which {@link SandboxCommand.Start#secluded} is.
   */
  static final String SECLUDED = SandboxCommand.Start.SECLUDED;

  /** The system's limit for a socket's path is 108 bytes on Linux and 104 on macOS. */
  private static final int MAX_SOCKET_PATH_BYTES = 100;

  /** A random long has as many digits as this, but for one in five thousand. */
  private static final int LEAST_SECRET_DIGITS = 11;

  private final Path path;

  /** Which one it is, whatever its path means later. */
  private volatile @Nullable Object key;

  /** Whether there is one. Guarded by this. */
  private boolean isMade;

  /** Files outside that go with it at the program's end. Guarded by this. */
  private final Set<Path> beside = new HashSet<>();

  /** Whether no worker is trusted to remove it any more: all are ended. Guarded by this. */
  private boolean isEnding;

  private volatile boolean isGone;

  /** Null if the program's end is a worker's to notice. Guarded by this. */
  private @Nullable Thread exitHook;

  private final CountDownLatch listening = new CountDownLatch(1);

  private PoolDirectory(Path path) {
    this.path = path;
  }

  public static PoolDirectory create() throws IOException {
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
    PoolDirectory directory = new PoolDirectory(base.resolve(name));
    directory.removeAtExit();
    try {
      directory.make();
      return directory;
    } catch (IOException | RuntimeException | Error e) {
      directory.handOver();
      throw e;
    }
  }

  private synchronized void make() throws IOException {
    PoolMark.makeFolder(path, PoolPlace.SOCKET, ownerOnly());
    key = FolderRemoval.key(path);
    isMade = true;
  }

  /**
   * While no worker knows of it, which removes it when this process is gone, nobody else would: the
   * next pool, perhaps.
   *
   * @return false if the program is ending already
   */
  private synchronized boolean removeAtExit() {
    if (exitHook == null) {
      Thread hook = new Thread(null, this, PREFIX + "directory", 0, false);
      hook.setContextClassLoader(null); // the caller's may be a plug-in's
      try {
        Runtime.getRuntime().addShutdownHook(hook);
        exitHook = hook;
      } catch (IllegalStateException e) {
        return false;
      }
    }
    return true;
  }

  /** No worker is left that knows of it: its end is the program's business again. */
  public void takeBack() {
    removeAtExit();
  }

  /**
   * The workers are about to end, and none may live to notice the program's end. If that has begun,
   * the directory is removed now: nobody may be there to do it later.
   *
   * @param memories the files that workers that start may have outside
   */
  public synchronized void takeBackForGood(Collection<Path> memories) {
    isEnding = true;
    beside.addAll(memories);
    if (!removeAtExit()) {
      run();
    }
  }

  /** At the program's end. */
  @Override
  public synchronized void run() {
    if (isMade) {
      isGone = true;
      beside.forEach(this::remove);
      FolderRemoval.remove(path, key);
    }
  }

  /** Makes a file. */
  interface Making<T> {
    T make() throws IOException;
  }

  /**
   * Makes a file outside of the directory that goes with it. As long as no worker knows of them the
   * program's end removes both, and nothing is made after that: a worker that has no directory any
   * more, and with it no arguments, would not find out what it has to remove.
   *
   * @throws IOException if the directory was removed since the program ends
   */
  synchronized <T> T makeBeside(Path file, Making<T> making) throws IOException {
    if (isGone) {
      throw new IOException(path + " was removed: the program ends");
    }
    if (exitHook != null) {
      beside.add(file);
    }
    return making.make();
  }

  /** Whether it was removed since the program ends. */
  public boolean isGone() {
    return isGone;
  }

  /** A worker knows of it from now on. */
  public synchronized void handOver() {
    if (!isEnding) {
      leaveToWorkers();
    }
  }

  private synchronized void leaveToWorkers() {
    try {
      if (exitHook != null) {
        Runtime.getRuntime().removeShutdownHook(exitHook);
        exitHook = null;
        beside.clear();
      }
    } catch (IllegalStateException e) {
      // the program is ending: the worker finds less to remove
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

  public ServerSocketChannel listen() throws IOException {
    try {
      return bind();
    } finally {
      listening.countDown();
    }
  }

  /** Waits until {@link #listen} is over. */
  public void awaitListening() throws InterruptedException {
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

  public Path socket() {
    return path.resolve(PoolPlace.SOCKET);
  }

  /** Tells whether a text could be a directory's {@link #secret}. */
  static boolean isSecret(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), Character.MAX_RADIX) < 0) {
        return false;
      }
    }
    return text.length() >= LEAST_SECRET_DIGITS;
  }

  /** The part of its name that nobody can guess. */
  String secret() {
    return path.getFileName().toString().substring(PREFIX.length());
  }

  /** The option that tells workers where pools of their own have their directory. */
  public String option() {
    return "-D"
        + PoolPlace.PROPERTY
        + "="
        + System.getProperty(PoolPlace.PROPERTY, path.toString());
  }

  public Path path() {
    return path;
  }

  /** The temporary directory of the program, for what stays when the pool has ended. */
  Path place() {
    String outermost = System.getProperty(PoolPlace.PROPERTY);
    Path parent = outermost == null ? null : Path.of(outermost).toAbsolutePath().getParent();
    return parent == null
        ? Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath()
        : parent; // a worker's own folder goes with it
  }

  /** Which directory it is, whatever its path means later; null if the system does not tell. */
  @Nullable Object key() {
    return key;
  }

  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * A file that belongs to one worker, and that no other in a sandbox may see.
   *
   * @throws IOException if the folder for them can't be made
   */
  Path secluded(String name) throws IOException {
    Path folder = path.resolve(SECLUDED);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(folder, ownerOnly());
      } catch (FileAlreadyExistsException e) {
        // by another thread
      }
    }
    return folder.resolve(name);
  }

  /** Removes one file in it, if it is there. */
  public void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it goes with the directory
    }
  }

  /** Removes the directory and what is in it; does nothing if it is gone. */
  public void delete() {
    leaveToWorkers();
    FolderRemoval.remove(path, key);
  }

  /** Removes the directories of pools that were killed together with all their workers. */
  public void deleteStale() {
    StaleFolders.removeBeside(path, PREFIX);
  }
}
