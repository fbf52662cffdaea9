package dev.procpool.local.call;

import dev.procpool.spi.Submission;
import java.util.Arrays;

/**
 * Why a worker without an item has none, and for how long that has been so: of all calls together.
 *
 * <pre>
 * REST    no call is under way
 * OUTPUT  a call starts no more items, since its results wait to be taken or decoded
 * INPUT   a call's source has not ended, and has not given the next item
 * TAIL    the items of all calls were given out
 * </pre>
 *
 * <p>Times are by {@link System#nanoTime()}. Thread-safe, guarded by itself: the engine's thread
 * says most, those that pull items and take results say when one waits for the other.
 */
public final class CallPhases {

  /** See the class. */
  public enum Phase {
    REST,
    INPUT,
    OUTPUT,
    TAIL
  }

  /** How many phases there are. */
  public static final int COUNT = Phase.values().length;

  private final long[] sums = new long[COUNT];
  private Phase phase = Phase.REST;
  private long since = System.nanoTime();
  private int open;
  private int feeding;
  private int held;

  /** A call under way. Guarded by the phases of all. */
  final class Call implements Submission.Waits {

    private boolean isFed;
    private int holds;
    private boolean isOver;

    private Call(boolean isFed) {
      this.isFed = isFed;
    }

    /** Its source has ended. */
    void fed(long now) {
      synchronized (CallPhases.this) {
        if (!isFed && !isOver) {
          isFed = true;
          add(0, -1, 0, now);
        }
      }
    }

    /** Something begins to hold its items back, or ceases to. */
    @Override
    public void changed(boolean isHeldBack) {
      synchronized (CallPhases.this) {
        if (!isOver) {
          long now = System.nanoTime();
          int before = holds;
          holds += isHeldBack ? 1 : -1;
          add(0, 0, Integer.signum(holds) - Integer.signum(before), now);
        }
      }
    }

    /** It has ended. */
    void end(long now) {
      synchronized (CallPhases.this) {
        if (!isOver) {
          isOver = true;
          add(-1, isFed ? 0 : -1, -Integer.signum(holds), now);
        }
      }
    }
  }

  /** A call is under way from now on. */
  synchronized Call open(boolean isFed, long now) {
    add(1, isFed ? 0 : 1, 0, now);
    return new Call(isFed);
  }

  private void add(int moreOpen, int moreFeeding, int moreHeld, long now) {
    open += moreOpen;
    feeding += moreFeeding;
    held += moreHeld;
    Phase next =
        open == 0 ? Phase.REST : held > 0 ? Phase.OUTPUT : feeding > 0 ? Phase.INPUT : Phase.TAIL;
    if (next != phase) {
      enter(next, now);
    }
  }

  @SuppressWarnings("EnumOrdinal") // a sum for each
  private void enter(Phase next, long now) {
    long passed = Math.max(0, now - since); // another thread may have looked later, and come first
    sums[phase.ordinal()] += passed;
    phase = next;
    since += passed;
  }

  /**
   * Gives how long each has lasted until now.
   *
   * @param into a number of nanoseconds for each
   */
  @SuppressWarnings("EnumOrdinal") // a sum for each
  public synchronized void sums(long now, long[] into) {
    System.arraycopy(sums, 0, into, 0, COUNT);
    into[phase.ordinal()] += Math.max(0, now - since); // it may have changed after that
  }

  /** Gives for how long there was a call. */
  @SuppressWarnings("EnumOrdinal") // a sum for each
  public long callNanos(long now) {
    long[] all = new long[COUNT];
    sums(now, all);
    return Arrays.stream(all).sum() - all[Phase.REST.ordinal()];
  }
}
