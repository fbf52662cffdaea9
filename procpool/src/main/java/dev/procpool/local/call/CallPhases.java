package dev.procpool.local.call;

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
 * <p>Looks at the clock only where one follows another. Thread-safe, guarded by itself: the
 * engine's thread says most, those that pull items and take results say when one waits for the
 * other.
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
  final class Call {

    private boolean isFed;
    private int holds;
    private boolean isOver;

    private Call(boolean isFed) {
      this.isFed = isFed;
    }

    /** Its source has ended. */
    void fed() {
      synchronized (CallPhases.this) {
        if (!isFed && !isOver) {
          isFed = true;
          add(0, -1, 0);
        }
      }
    }

    /** Something begins to hold its items back, or ceases to. */
    void heldBack(boolean is) {
      synchronized (CallPhases.this) {
        if (!isOver) {
          int before = holds;
          holds += is ? 1 : -1;
          add(0, 0, Integer.signum(holds) - Integer.signum(before));
        }
      }
    }

    /** It has ended. */
    void end() {
      synchronized (CallPhases.this) {
        if (!isOver) {
          isOver = true;
          add(-1, isFed ? 0 : -1, -Integer.signum(holds));
        }
      }
    }
  }

  /** A call is under way from now on. */
  synchronized Call open(boolean isFed) {
    add(1, isFed ? 0 : 1, 0);
    return new Call(isFed);
  }

  private void add(int moreOpen, int moreFeeding, int moreHeld) {
    open += moreOpen;
    feeding += moreFeeding;
    held += moreHeld;
    Phase next =
        open == 0 ? Phase.REST : held > 0 ? Phase.OUTPUT : feeding > 0 ? Phase.INPUT : Phase.TAIL;
    if (next != phase) {
      enter(next, System.nanoTime());
    }
  }

  @SuppressWarnings("EnumOrdinal") // a sum for each
  private void enter(Phase next, long now) {
    sums[phase.ordinal()] += Math.max(0, now - since);
    phase = next;
    since = now;
  }

  /**
   * Gives how long each has lasted until now.
   *
   * @param now by {@link System#nanoTime()}
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
