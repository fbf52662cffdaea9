package dev.procpool.protocol;

import dev.procpool.LimitKind;
import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * What an item of a call may take, each in nanoseconds; 0 where there is no limit.
 *
 * @param runNanos how long it may run; {@link #BY_ITEM} if each item begins with its own, as a long
 * @param stallNanos how long it may run without a word of its progress
 * @param cpuNanos how much processor time its thread may take
 */
public record TaskLimits(long runNanos, long stallNanos, long cpuNanos) {

  /** No limit. */
  public static final TaskLimits NONE = new TaskLimits(0, 0, 0);

  /** In place of a time limit that is the same for all items. */
  public static final long BY_ITEM = -1;

  /**
   * Gives the limits of an item that has a time limit of its own.
   *
   * @param nanos that limit
   * @return the limits
   */
  public TaskLimits withRun(long nanos) {
    return new TaskLimits(nanos, stallNanos, cpuNanos);
  }

  /**
   * Tells whether there is a limit of a kind.
   *
   * @param kind the kind
   * @return whether an item can run into it
   */
  public boolean has(LimitKind kind) {
    return switch (kind) {
      case RUN_TIME -> runNanos != 0;
      case STALL -> stallNanos != 0;
      case CPU_TIME -> cpuNanos != 0;
    };
  }

  /**
   * Checks a worker's word that an item has run into a limit of a kind.
   *
   * @param kind the kind
   * @throws ProtocolException if there is none
   */
  public void check(LimitKind kind) throws ProtocolException {
    if (!has(kind)) {
      String limit =
          switch (kind) {
            case RUN_TIME -> "time limit";
            case STALL -> "stall limit";
            case CPU_TIME -> "limit of processor time";
          };
      throw new ProtocolException("an item is said to be over its " + limit + ", and has none");
    }
  }

  /**
   * Tells whether there is a limit.
   *
   * @return whether an item has to be watched
   */
  public boolean any() {
    return (runNanos | stallNanos | cpuNanos) != 0;
  }

  /**
   * Tells when to look at an item for the first time.
   *
   * @param cpuLook the time for one of which the processor time alone is limited
   * @return nanoseconds from its beginning, if there is a limit
   */
  public long firstLook(long cpuLook) {
    long look = runNanos == 0 ? Long.MAX_VALUE : runNanos;
    look = stallNanos == 0 ? look : Math.min(look, stallNanos);
    return cpuNanos == 0 ? look : Math.min(look, cpuLook);
  }

  void write(ByteOutput out) {
    out.putLong(runNanos);
    out.putLong(stallNanos);
    out.putLong(cpuNanos);
  }

  static TaskLimits read(ByteBuffer in) {
    return new TaskLimits(in.getLong(), in.getLong(), in.getLong());
  }
}
