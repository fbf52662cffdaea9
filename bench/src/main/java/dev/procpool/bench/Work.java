package dev.procpool.bench;

/** The tasks. */
final class Work {

  private Work() {}

  /** Does next to nothing, so that the pool is what is measured. */
  static int add(int i, double x) {
    return i + (int) x;
  }

  /** Takes so many milliseconds and no processor. */
  static int nap(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return 0;
  }

  /** Keeps a processor busy for so many nanoseconds. */
  static int spin(long nanos) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
    return 0;
  }
}
