package dev.procpool.call;

import dev.procpool.sharing.SharedHandle;
import dev.procpool.sharing.SharedLife;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values that a pool has shared and that are not released. Thread-safe, guarded by itself.
 *
 * <p>A handle that nobody refers to any more is closed by the cleaner, for which each is watched
 * here, no longer than there is something to release.
 */
public final class SharedValues {

  private final Set<SharedLife> lives = new HashSet<>();
  private boolean ended;

  /** Makes it without values. */
  public SharedValues() {}

  /**
   * Keeps a value until it is released.
   *
   * @param handle the handle, which is not referred to from here
   * @param life its life
   * @return false if the pool has ended, and the value with it
   */
  public boolean keep(SharedHandle<?> handle, SharedLife life) {
    Abandonment abandonment = new Abandonment(handle, life::close);
    life.atRelease(abandonment::callOff);
    synchronized (this) {
      if (!ended) {
        lives.add(life);
      }
    }
    life.atRelease(() -> forget(life));
    if (hasEnded()) {
      life.end();
      return false;
    }
    return true;
  }

  private synchronized void forget(SharedLife life) {
    lives.remove(life);
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  /** Releases all values, and those that come later. */
  public void end() {
    List<SharedLife> all;
    synchronized (this) {
      ended = true;
      all = List.copyOf(lives);
    }
    all.forEach(SharedLife::end);
  }
}
