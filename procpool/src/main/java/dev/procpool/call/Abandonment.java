package dev.procpool.call;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Does something once an object is unreachable, unless that was called off. Thread-safe.
 *
 * <p>The thread of a {@link Cleaner} runs as long as an action is left, and an action of ours holds
 * the loader of our classes, and with it all that their static fields refer to. So each is called
 * off as soon as nothing is left for it to do. The only class that has a cleaner: one thread does
 * for all pools.
 */
public final class Abandonment implements Runnable {

  private static final Cleaner CLEANER = Cleaner.create();

  private final Cleaner.Cleanable registered;
  private volatile @Nullable Runnable action;

  /**
   * Begins to watch.
   *
   * @param object which neither the action nor what that refers to may hold
   * @param action what to do, on the cleaner's thread
   */
  public Abandonment(Object object, Runnable action) {
    this.action = action;
    this.registered = CLEANER.register(object, this);
  }

  /** Called by the cleaner. */
  @Override
  public void run() {
    Runnable due = action;
    if (due != null) {
      due.run();
    }
  }

  /** Ends the watch without a consequence. */
  public void callOff() {
    action = null;
    registered.clean();
  }
}
