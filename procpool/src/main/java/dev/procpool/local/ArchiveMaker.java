package dev.procpool.local;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.call.CallPool;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.archive.ClassArchive;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.spi.Nanos;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a pool's {@link ClassArchive} in the background, once, when the pool's first worker is
 * ready: with a worker of a pool of its own, which goes through a {@link Rehearsal} and has its JVM
 * write the archive when it ends. Being a worker, it ends with this process, however that ends.
 *
 * <p>It ends with the pool, too. A program that is over before an archive is made would never have
 * one, so after one attempt that was cut short like that the next is waited for.
 *
 * <p>Thread-safe, guarded by itself.
 */
final class ArchiveMaker {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final PoolSettings settings;
  private final ClassArchive archive;
  private final CountDownLatch ended = new CountDownLatch(1);

  // guarded by this
  private boolean begun;
  private boolean stopped;
  private boolean patient;
  private @Nullable Pool pool;

  ArchiveMaker(PoolSettings settings, ClassArchive archive) {
    this.settings = settings;
    this.archive = archive;
  }

  /** Begins, at the first call, if there is no archive. */
  synchronized void begin() {
    if (begun || stopped || archive.folder().has(archive.key())) {
      return;
    }
    patient = archive.folder().wasCut(archive.key());
    // no thread of the pool's, which ends them when it has ended itself
    Thread thread =
        new Thread(null, this::run, "procpool-" + settings.name() + "-archive", 0, false);
    thread.setDaemon(true);
    thread.start();
    begun = true;
  }

  private void run() {
    try {
      archive.folder().make(archive.key(), this::make);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      SafeLog.log(System.Logger.Level.DEBUG, "no archive of classes could be made", e);
    } finally {
      ended.countDown();
    }
  }

  private boolean make(Path file) throws InterruptedException {
    PoolSettings recording = settings.recording(file, archive.recorded());
    try (Pool made =
        new CallPool(
            recording.name(),
            LocalBackend.open(recording),
            OnClose.TERMINATE,
            recording.insight().observation())) {
      synchronized (this) {
        if (stopped) {
          return false;
        }
        pool = made;
      }
      Rehearsal.run(made);
      if (archive.loaded() != null) {
        Rehearsal.load(made, archive.loaded().names());
      }
      made.shutdown();
      made.join(LIMIT);
    } catch (ExecutionException | RuntimeException e) {
      // it was stopped, or its JVM does not start; that there is no file tells
      SafeLog.log(System.Logger.Level.DEBUG, "no archive of classes could be recorded", e);
    }
    synchronized (this) {
      pool = null;
      return !stopped;
    }
  }

  /** Lets it end with the pool: at once, unless it is to be waited for. */
  void shutdown() {
    synchronized (this) {
      if (patient) {
        return;
      }
    }
    stop();
  }

  /** Ends it at once. Does not wait. */
  void stop() {
    Pool running;
    synchronized (this) {
      stopped = true;
      running = pool;
    }
    if (running != null) {
      running.terminate();
    }
  }

  /** Waits for its end, if it has begun: tells whether it is over. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    synchronized (this) {
      if (!begun) {
        return true;
      }
    }
    return ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }
}
