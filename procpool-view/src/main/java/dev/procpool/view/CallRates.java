package dev.procpool.view;

import dev.procpool.PoolStats;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How fast the calls under way get on, by what they did in the last ten seconds. Not thread-safe:
 * {@link PoolFold} owns it.
 */
final class CallRates {

  /** How many calls are shown, the oldest. */
  static final int MOST = 50;

  private static final int SAMPLES = 20;
  private static final long BETWEEN_NANOS = 500_000_000;

  private record Sample(long at, long done) {}

  private final Map<Long, Deque<Sample>> byCall = new HashMap<>();

  /** The calls have come so far. */
  void seen(List<PoolStats.Call> calls, long now) {
    Set<Long> open = new HashSet<>();
    for (PoolStats.Call call : calls.subList(0, Math.min(MOST, calls.size()))) {
      long number = call.call().number();
      open.add(number);
      Deque<Sample> samples = byCall.computeIfAbsent(number, unknown -> new ArrayDeque<>());
      if (samples.isEmpty() || now - samples.getLast().at >= BETWEEN_NANOS) {
        samples.addLast(new Sample(now, call.done()));
        if (samples.size() > SAMPLES) {
          samples.removeFirst();
        }
      }
    }
    byCall.keySet().retainAll(open);
  }

  /** Items a second; 0 if it is not known. */
  double rate(long call) {
    Deque<Sample> samples = byCall.get(call);
    if (samples == null || samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return (last.done - first.done) * 1e9 / (last.at - first.at);
  }

  /** How many seconds are left; -1 if nobody knows. */
  double secondsLeft(PoolStats.Call call) {
    double rate = rate(call.call().number());
    return call.total().isEmpty() || rate <= 0
        ? -1
        : Math.max(0, call.total().getAsLong() - call.done()) / rate;
  }
}
