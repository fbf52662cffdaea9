package dev.procpool.local.dispatch;

import dev.procpool.local.engine.Engine;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.launch.MachineShare;
import dev.procpool.local.launch.ProcessLauncher;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What has been made of a pool so far, so that nothing of it stays if the rest can't be made.
 *
 * <p>Whoever makes a part notes it here at once. Owned by the thread that makes the pool.
 */
public class PoolParts {

  /** How long what was begun on other threads may take to end. */
  private static final long LIMIT_SECONDS = 10;

  private static final int STEPS = 9;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long to wait for memory. */
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private @Nullable PoolDirectory directory;
  private @Nullable MachineShare share;
  private @Nullable ExecutorService threads;
  private @Nullable ProcessLauncher launcher;
  private @Nullable Selector selector;
  private @Nullable Engine engine;
  private @Nullable Fleet fleet;
  private @Nullable ServerSocketChannel server;

  /** Is told of each part once it is noted here. A test may have it fail. */
  protected void made(Object part) {}

  public PoolDirectory directory(PoolDirectory part) {
    directory = part;
    made(part);
    return part;
  }

  public MachineShare share(MachineShare part) {
    share = part;
    made(part);
    return part;
  }

  public ExecutorService threads(ExecutorService part) {
    threads = part;
    made(part);
    return part;
  }

  public ProcessLauncher launcher(ProcessLauncher part) {
    launcher = part;
    made(part);
    return part;
  }

  public Selector selector(Selector part) {
    selector = part;
    made(part);
    return part;
  }

  public Engine engine(Engine part) {
    engine = part;
    made(part);
    return part;
  }

  Fleet fleet(Fleet part) {
    fleet = part;
    made(part);
    return part;
  }

  public ServerSocketChannel server(ServerSocketChannel part) {
    server = part;
    made(part);
    return part;
  }

  /** Is called before each step of {@link #undo}. A test may have it fail. */
  protected void undoing(int step) {}

  /**
   * Undoes all, the last part first, and waits for it; each step again until there is memory for
   * it. The engine has not started, so its state is this thread's.
   *
   * @param cause why the pool can't be made; is told what can't be undone
   */
  public void undo(Throwable cause) {
    long begin = System.nanoTime();
    for (int step = 0; step < STEPS; ) {
      try {
        undoing(step);
        undo(step);
        step++;
      } catch (Throwable e) { // the rest is undone all the same
        if (HeapReserve.isShortage(e) && System.nanoTime() - begin < LIMIT_NANOS) {
          LockSupport.parkNanos(PAUSE_NANOS);
        } else {
          step++;
          tell(cause, e);
        }
      }
    }
  }

  /** No lambda for each: to make it takes memory. */
  private void undo(int step) throws IOException {
    switch (step) {
      case 0 -> close(server);
      case 1 -> {
        if (fleet != null) {
          fleet.close();
        }
      }
      case 2 -> {
        if (engine != null) {
          engine.abandon(); // from now on who has started a process ends it itself
        }
      }
      case 3 -> {
        if (fleet != null) {
          fleet.destroyAll();
        }
      }
      case 4 -> close(selector);
      case 5 -> {
        if (threads != null) {
          end(threads);
        }
      }
      case 6 -> {
        if (launcher != null) {
          launcher.close();
        }
      }
      case 7 -> {
        if (share != null) {
          share.resize(0);
        }
      }
      default -> {
        if (directory != null) {
          directory.delete();
        }
      }
    }
  }

  private static void close(@Nullable Closeable part) throws IOException {
    if (part != null) {
      part.close();
    }
  }

  private static void tell(Throwable cause, Throwable more) {
    try {
      cause.addSuppressed(more);
    } catch (RuntimeException | Error e) {
      // it is the cause itself, or there is no memory for it
    }
  }

  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      threads.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
