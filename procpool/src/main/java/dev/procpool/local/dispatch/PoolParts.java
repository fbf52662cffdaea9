package dev.procpool.local.dispatch;

import dev.procpool.local.engine.Engine;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.launch.MachineShare;
import dev.procpool.local.launch.ProcessLauncher;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has been made of a pool so far, so that nothing of it stays if the rest can't be made.
 *
 * <p>Whoever makes a part notes it here at once. Owned by the thread that makes the pool.
 */
public class PoolParts {

  /** How long what was begun on other threads may take to end. */
  private static final long LIMIT_SECONDS = 10;

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

  /**
   * Undoes all, the last part first, and waits for it. The engine has not started, so its state is
   * this thread's.
   *
   * @param cause why the pool can't be made; is told what can't be undone
   */
  public void undo(Throwable cause) {
    attempt(cause, server);
    if (fleet != null) {
      attempt(cause, fleet::close);
    }
    if (engine != null) {
      attempt(cause, engine::abandon); // from now on who has started a process ends it itself
    }
    if (fleet != null) {
      attempt(cause, fleet::destroyAll);
    }
    attempt(cause, selector);
    if (threads != null) {
      end(threads);
    }
    if (launcher != null) {
      attempt(cause, launcher::close);
    }
    if (share != null) {
      share.resize(0);
    }
    if (directory != null) {
      directory.delete();
    }
  }

  private static void attempt(Throwable cause, @Nullable AutoCloseable undoing) {
    try {
      if (undoing != null) {
        undoing.close();
      }
    } catch (Throwable e) { // the rest is undone all the same
      cause.addSuppressed(e);
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
