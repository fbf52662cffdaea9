package dev.procpool.sharing;

import dev.procpool.guard.SafeLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * How long a shared value is kept, in the process that has shared it. Thread-safe, guarded by
 * itself; what is to be done is done without the lock.
 *
 * <pre>
 *   OPEN       calls may use it
 *     | close(), by the user, or by the cleaner since nobody refers to the handle any more
 *   CLOSED     no call may use it that does not yet
 *     | the last call that uses it has ended; or end(), since its pool has, from OPEN too
 *   RELEASED   what is left of it is removed, those who have copies are told
 * </pre>
 *
 * <p>The cleaner holds this, so it must not refer to the handle nor to the value.
 */
public final class SharedLife {

  private final String key;
  private List<Runnable> atRelease = new ArrayList<>();

  /** The pools whose workers were sent the handle; one that has ended need not be told. */
  private Set<Consumer<String>> holders = Collections.newSetFromMap(new WeakHashMap<>());

  /** The keys of the values that this one refers to, and of those that they do. */
  private Set<String> needed = Set.of();

  private int uses;
  private boolean closed;
  private boolean released;

  /**
   * Begins one.
   *
   * @param key names the value
   */
  public SharedLife(String key) {
    this.key = key;
  }

  /**
   * Names the value.
   *
   * @return the key
   */
  public String key() {
    return key;
  }

  /**
   * Has something done once nobody needs the value any more: at once, if that is so.
   *
   * @param action what to do
   */
  public void atRelease(Runnable action) {
    synchronized (this) {
      if (!released) {
        atRelease.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Says what has to be there for the value to be read.
   *
   * @param keys those of all values that it refers to
   */
  synchronized void needs(Set<String> keys) {
    needed = keys;
  }

  /** What has to be there for the value to be read, beside itself. */
  synchronized Set<String> needed() {
    return needed;
  }

  /**
   * Begins a use of the value, which {@link #endUse} ends.
   *
   * @param holder is told the key at the release
   * @return false if it was closed
   */
  synchronized boolean beginUse(Consumer<String> holder) {
    if (closed) {
      return false;
    }
    uses++;
    holders.add(holder);
    return true;
  }

  void endUse() {
    synchronized (this) {
      uses--;
    }
    releaseIfDue(false);
  }

  /** Begins no more uses; does nothing more if that is so already. */
  public void close() {
    synchronized (this) {
      closed = true;
    }
    releaseIfDue(false);
  }

  /** Tells whether no more uses begin. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Releases the value whoever uses it: its pool has ended. */
  public void end() {
    releaseIfDue(true);
  }

  private void releaseIfDue(boolean isEnd) {
    List<Runnable> actions;
    Set<Consumer<String>> told;
    synchronized (this) {
      if (released || !isEnd && (!closed || uses > 0)) {
        return;
      }
      released = true;
      actions = atRelease; // taken, not copied: there may be no memory
      told = holders;
      atRelease = List.of();
      holders = Set.of();
    }
    for (Runnable action : actions) {
      evenIfItFails(action);
    }
    for (Consumer<String> holder : told) {
      evenIfItFails(() -> holder.accept(key));
    }
  }

  /** One that fails, as for want of memory, must not keep the others from being done. */
  private static void evenIfItFails(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      SafeLog.log(
          System.Logger.Level.WARNING,
          "a part of a shared value could not be released; it goes with its pool",
          e);
    }
  }

  /** Tells whether nothing is left of it but perhaps in the process that has shared it. */
  public synchronized boolean isReleased() {
    return released;
  }
}
