package dev.procpool.cli.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** How many items end in a second, by the last ten seconds. One thread. */
final class Rate {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  private final Deque<Point> points = new ArrayDeque<>();

  private record Point(long nanos, long count) {}

  /** Takes note of how many there are at a time, which only goes forward. */
  void at(long nanos, long count) {
    points.add(new Point(nanos, count));
    while (points.size() > 2 && nanos - points.getFirst().nanos() > WINDOW) {
      points.removeFirst();
    }
  }

  /** Gives items a second; empty if none has ended, or it can't be said yet. */
  OptionalDouble perSecond() {
    if (points.size() < 2) {
      return OptionalDouble.empty();
    }
    long nanos = points.getLast().nanos() - points.getFirst().nanos();
    long count = points.getLast().count() - points.getFirst().count();
    return nanos <= 0 || count == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(count * 1e9 / nanos);
  }

  /** Gives how long so many items more take at this rate, in seconds; empty if there is none. */
  OptionalDouble secondsFor(long items) {
    OptionalDouble rate = perSecond();
    return rate.isPresent()
        ? OptionalDouble.of(items / rate.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Gives a duration as people say it: 0.4 s, 12 s, 3 min 20 s, 5 h 12 min. */
  static String text(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10) {
      return seconds + "." + time.toMillisPart() / 100 + " s";
    } else if (seconds < 60) {
      return seconds + " s";
    } else if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
