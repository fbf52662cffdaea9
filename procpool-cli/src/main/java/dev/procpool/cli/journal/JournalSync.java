package dev.procpool.cli.journal;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts what was written to a file on the disk, once a second, on a thread of its own: so no result
 * waits for a disk, and a power cut costs about a second's results. Thread-safe.
 */
final class JournalSync implements AutoCloseable {

  private final FileDescriptor file;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          body -> {
            Thread thread = new Thread(body, "procpool-journal-sync");
            thread.setDaemon(true);
            return thread;
          });

  private volatile boolean due;
  private volatile @Nullable IOException failure;

  JournalSync(FileDescriptor file) {
    this.file = file;
    clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  private void tick() {
    if (due && failure == null) {
      try {
        now();
      } catch (IOException e) {
        failure = e; // the writer is told at its next line
      }
    }
  }

  /** Says that there is something to put on the disk. */
  void due() {
    due = true;
  }

  /** Throws why something could not be put on the disk, if so. */
  void check() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  void now() throws IOException {
    due = false;
    file.sync();
  }

  /** Gives a file another name, in place of what has it, so that a power cut leaves one of both. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = to.toAbsolutePath().getParent();
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (IOException notHere) {
      // a system that can't sync folders does not need it, or can't do better
    }
  }

  /** Ends the thread, and puts the rest on the disk. */
  @Override
  public void close() throws IOException {
    clock.shutdown();
    if (due) {
      now();
    }
    check();
  }
}
