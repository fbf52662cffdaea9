package dev.procpool.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Repeats a measurement and takes the median. */
final class Rounds {

  private Rounds() {}

  /** The median of some rounds, after some that do not count. */
  static double median(int warmUps, int rounds, Callable<Double> measurement) throws Exception {
    double[] values = new double[rounds];
    for (int i = -warmUps; i < rounds; i++) {
      double value = measurement.call();
      if (i >= 0) {
        values[i] = value;
      }
    }
    return middle(values);
  }

  /** The median. */
  static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** How many seconds something takes. */
  static double seconds(Callable<?> work) throws Exception {
    long begin = System.nanoTime();
    work.call();
    return (System.nanoTime() - begin) / 1e9;
  }
}
