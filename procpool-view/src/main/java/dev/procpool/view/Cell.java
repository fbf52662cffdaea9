package dev.procpool.view;

import dev.procpool.OutcomeKind;
import dev.procpool.WorkerInfo;

/**
 * What a worker did in one tick, in one byte: bits 0 to 2 the kind, bits 3 to 6 how much of the
 * tick it ran items, in fifteenths, bit 7 whether an item ended.
 */
final class Cell {

  static final int NONE = 0;
  static final int STARTING = 1;
  static final int IDLE = 2;
  static final int WORKING = 3;
  static final int FAILED = 4;
  static final int TIMED_OUT = 5;
  static final int LOST = 6;
  static final int STOPPING = 7;

  private static final int MOST = 15;

  private Cell() {}

  static byte of(int kind, double share, boolean hasEnded) {
    int level = (int) Math.round(Math.min(1, Math.max(0, share)) * MOST);
    return (byte) (kind | level << 3 | (hasEnded ? 1 << 7 : 0));
  }

  static int kind(byte cell) {
    return cell & 7;
  }

  static boolean hasEnded(byte cell) {
    return (cell & 1 << 7) != 0;
  }

  /** Of an item that ended so; what is worse is more. */
  static int kind(OutcomeKind kind) {
    return switch (kind) {
      case SUCCESS, CANCELLED -> WORKING;
      case FAILURE -> FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case WORKER_LOST -> LOST;
    };
  }

  static int kind(WorkerInfo.State state) {
    return switch (state) {
      case STARTING -> STARTING;
      case IDLE, SPARE -> IDLE;
      case BUSY -> WORKING;
      case STOPPING -> STOPPING;
    };
  }
}
