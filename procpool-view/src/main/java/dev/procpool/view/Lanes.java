package dev.procpool.view;

import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.spi.Nanos;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each worker did in the last ticks: a byte a worker and tick, in rings. Not thread-safe:
 * {@link PoolFold} owns it.
 *
 * <p>A lane is a worker's number; who takes the number of another goes on with its lane. The lanes
 * of workers that are gone are kept for a minute.
 */
final class Lanes {

  /** How many lanes there are at most; workers with higher numbers have none. */
  static final int MOST = 1024;

  private static final int KEPT = 240;

  private final Map<Integer, Lane> lanes = new TreeMap<>();

  /** Items of a worker have ended. */
  void ended(int worker, OutcomeKind kind, long ranNanos) {
    Lane lane = lane(worker);
    if (lane != null) {
      lane.ranNanos += Math.min(ranNanos, PoolFold.TICK_NANOS);
      lane.worst = Math.max(lane.worst, Cell.kind(kind));
      lane.hasEnded = true;
    }
  }

  /** A worker is in a state, as the last snapshot has it. */
  void seen(PoolStats.Worker worker) {
    Lane lane = lane(worker.info().number());
    if (lane != null) {
      lane.host = worker.info().host();
      lane.state = Cell.kind(worker.info().state());
      lane.runningNanos = worker.item().map(item -> Nanos.of(item.running())).orElse(0L);
    }
  }

  /** A worker is in a state, as an event says. */
  void changed(PoolEvent.Worker worker, int state) {
    Lane lane = lane(worker.number());
    if (lane != null) {
      lane.host = worker.host();
      lane.state = state;
      lane.runningNanos = 0;
    }
  }

  /** Before a snapshot is told: who is not in it is gone. */
  void forgetStates() {
    for (Lane lane : lanes.values()) {
      lane.state = Cell.NONE;
      lane.runningNanos = 0;
    }
  }

  /** A tick is over. */
  void tick(long tick, long tickNanos) {
    lanes.values().removeIf(lane -> lane.goneFor > KEPT);
    for (Lane lane : lanes.values()) {
      lane.end(tick, tickNanos);
    }
  }

  /** Null for one too many, and for a number below 0: nobody knows which worker it was. */
  private @Nullable Lane lane(int worker) {
    Lane known = lanes.get(worker);
    if (known == null && worker >= 0 && lanes.size() < MOST) {
      known = new Lane();
      lanes.put(worker, known);
    }
    return known;
  }

  Iterable<Integer> workers() {
    return lanes.keySet();
  }

  /** Where the last worker of a number was, or is; "" if that is not known. */
  String host(int worker) {
    Lane lane = lanes.get(worker);
    return lane == null ? "" : lane.host;
  }

  /** The cells of a worker from one tick to another, both included, in Base64; "" if none. */
  String cells(int worker, long first, long last) {
    Lane lane = lanes.get(worker);
    int length = (int) Math.min(Series.TICKS, last - first + 1);
    if (lane == null || length <= 0) {
      return "";
    }
    byte[] cells = new byte[length];
    for (int i = 0; i < length; i++) {
      cells[i] = lane.cells[(int) ((last - length + 1 + i) % Series.TICKS)];
    }
    return Base64.getEncoder().encodeToString(cells);
  }

  /** One worker's. */
  private static final class Lane {

    private final byte[] cells = new byte[Series.TICKS];
    private String host = "";
    private int state;
    private long runningNanos;
    private int goneFor;

    // of this tick
    private long ranNanos;
    private int worst;
    private boolean hasEnded;

    void end(long tick, long tickNanos) {
      long ran = ranNanos + Math.min(runningNanos, tickNanos);
      int kind = worst > Cell.WORKING ? worst : ran > 0 ? Cell.WORKING : state;
      cells[(int) (tick % Series.TICKS)] = Cell.of(kind, (double) ran / tickNanos, hasEnded);
      goneFor = kind == Cell.NONE ? goneFor + 1 : 0;
      ranNanos = 0;
      worst = 0;
      hasEnded = false;
    }
  }
}
