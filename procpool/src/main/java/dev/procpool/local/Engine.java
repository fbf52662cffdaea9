package dev.procpool.local;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pool's one thread that owns all of its state: it takes events from a mailbox and frames from
 * the workers' channels, and never waits for anything but those and the next deadline.
 *
 * <p>{@link #execute} may be called from any thread, the rest belongs to the engine's own.
 */
final class Engine implements Executor {

  /** What the thread does in each round and at its end. */
  interface Driver {

    /** Handles a channel that can be read or written, or a socket that can be accepted. */
    void ready(SelectionKey key);

    /**
     * Does what is due, before each wait.
     *
     * @return when to be called again at the latest; {@code Long.MAX_VALUE} for no time
     */
    long round(long now);

    /** Tells whether the thread may end. */
    boolean isDone();

    /** Is called once when the thread ends; the error is null unless it died. */
    void ended(@Nullable Throwable error);
  }

  private final Selector selector;
  private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();

  /** Set before the thread looks at the mailbox for the last time before it waits. */
  private volatile boolean waiting;

  private volatile boolean stopped;

  Engine(Selector selector) {
    this.selector = selector;
  }

  void start(String name, Driver driver) {
    Thread thread = new Thread(() -> run(driver), name);
    thread.setDaemon(true);
    thread.start();
  }

  Selector selector() {
    return selector;
  }

  /** Has something done on the engine's thread; does nothing once that has ended. */
  @Override
  public void execute(Runnable event) {
    if (stopped) {
      return;
    }
    mailbox.add(event);
    if (waiting) {
      waiting = false;
      selector.wakeup();
    }
  }

  /** Tells whether the thread has ended or is about to: what is executed now may be lost. */
  boolean isStopped() {
    return stopped;
  }

  private void run(Driver driver) {
    @Nullable Throwable error = null;
    try {
      while (!driver.isDone()) {
        handleMail();
        long next = driver.round(System.nanoTime());
        if (!driver.isDone()) {
          await(next, driver::ready);
        }
      }
    } catch (Throwable t) { // a fault of ours, told loudly: everything that waits is failed with it
      error = t;
    }
    stopped = true;
    driver.ended(error);
    try {
      selector.close();
    } catch (IOException e) {
      // nothing depends on it any more
    }
  }

  private void handleMail() {
    for (Runnable event = mailbox.poll(); event != null; event = mailbox.poll()) {
      event.run();
    }
  }

  private void await(long deadline, Consumer<SelectionKey> handler) throws IOException {
    waiting = true;
    if (!mailbox.isEmpty()) {
      waiting = false;
      selector.selectNow();
    } else if (deadline == Long.MAX_VALUE) {
      selector.select();
    } else {
      long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (millis > 0) {
        selector.select(millis);
      } else {
        selector.selectNow();
      }
    }
    waiting = false;
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isValid()) {
        handler.accept(key);
      }
    }
  }
}
