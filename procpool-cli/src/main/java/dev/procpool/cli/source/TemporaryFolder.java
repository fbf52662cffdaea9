package dev.procpool.cli.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for what is made on the way, with all that is in it. It goes when this is closed, or
 * with the program, as by Ctrl-C: whoever is to see to that is there before the folder is.
 *
 * <p>Thread-safe; closing twice is harmless.
 */
final class TemporaryFolder implements AutoCloseable {

  /** So often it is emptied while another thread still writes to it. */
  private static final int ROUNDS = 50;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Runnable first;

  /** Guarded by this, as is the next. */
  private @Nullable Path path;

  private boolean isClosed;

  private TemporaryFolder(Runnable first) {
    this.first = first;
  }

  /**
   * Makes one.
   *
   * @param prefix how its name begins
   * @param first what is done before it goes: ends whoever writes to it
   * @throws IOException if it can't be made, or the program is ending
   */
  static TemporaryFolder create(String prefix, Runnable first) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(first);
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
    } catch (IllegalStateException e) {
      throw new IOException("the program is ending", e);
    }
    folder.make(prefix);
    return folder;
  }

  private synchronized void make(String prefix) throws IOException {
    if (isClosed) {
      throw new IOException("the program is ending");
    }
    path = Files.createTempDirectory(prefix);
  }

  /** Where it is. */
  synchronized Path path() {
    if (path == null) {
      throw new IllegalStateException("it was not made");
    }
    return path;
  }

  @Override
  public void close() {
    Path made;
    synchronized (this) {
      isClosed = true;
      made = path;
    }
    if (made == null || !Files.exists(made)) {
      return;
    }
    first.run();
    for (int i = 0; i < ROUNDS && !isRemoved(made); i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean isRemoved(Path folder) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(found::add);
      for (Path file : found) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // gone meanwhile, or written to
    }
    return !Files.exists(folder);
  }
}
