package dev.procpool.local.fleet;

/**
 * When a worker's process was begun to be started, connected, and was ready. Owned by the engine's
 * thread.
 */
public final class StartTimes {

  private final long started = System.nanoTime();
  private long connected;
  private long ready;

  StartTimes() {}

  void connected() {
    connected = System.nanoTime();
  }

  void ready() {
    ready = System.nanoTime();
  }

  /** How old it was at a time of {@link System#nanoTime()}. */
  public long ageNanos(long at) {
    return at - started;
  }

  /** How long its process took to start and connect, or has taken until now. */
  public long startNanos(long now) {
    return (connected == 0 ? now : connected) - started;
  }

  /** How long its initializer took from then on, or has taken until now. */
  public long initializerNanos(long now) {
    return connected == 0 ? 0 : (ready == 0 ? now : ready) - connected;
  }
}
