package dev.procpool.testkit;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A latch with a count of one that works between processes: it is open once its file exists.
 *
 * <p>A test captures it in a task, to learn that the task has started or to tell it to go on.
 * Thread-safe and process-safe.
 *
 * @param path the path of the file
 */
public record FileLatch(String path) implements Serializable {

  /**
   * How long {@link #await()} waits: long enough for a busy machine, short enough to find a hang.
   */
  public static final Duration BOUND = Duration.ofMinutes(1);

  /**
   * Makes a latch that is open once a file exists.
   *
   * @param file the file
   */
  public FileLatch(Path file) {
    this(file.toString());
  }

  /** Opens the latch; does nothing if it is open. */
  public void countDown() {
    try {
      Files.createFile(Path.of(path));
    } catch (FileAlreadyExistsException e) {
      // open already
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Tells whether the latch is open.
   *
   * @return whether the file exists
   */
  public boolean isOpen() {
    return Files.exists(Path.of(path));
  }

  /**
   * Waits until the latch is open, at most {@link #BOUND}.
   *
   * @throws TimeoutException if it is still closed then
   * @throws InterruptedException if this thread was interrupted
   */
  public void await() throws InterruptedException, TimeoutException {
    await(BOUND);
  }

  /**
   * Waits until the latch is open, at most so long.
   *
   * @param bound the longest time to wait
   * @throws TimeoutException if it is still closed then
   * @throws InterruptedException if this thread was interrupted
   */
  public void await(Duration bound) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!isOpen()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("nobody opened the latch " + path + " within " + bound);
      }
      // Files give no event across processes that arrives sooner than a short poll.
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
