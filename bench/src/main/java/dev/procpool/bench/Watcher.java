package dev.procpool.bench;

/** The ways to see a pool run that a service may use, each as its users have it. */
enum Watcher {
  /** A {@code PoolObserver} that looks at each event. */
  OBSERVER("an observer of everything"),
  /** A recording of Flight Recorder with all events of the pool. */
  RECORDER("Flight Recorder"),
  /** Meters in a registry for Prometheus. */
  METRICS("Micrometer"),
  /** A span a call and for its first thousand items, and metrics; exported to nowhere. */
  TRACES("OpenTelemetry"),
  /** The live page, and a process that reads its events. */
  PAGE("the live page, with a reader");

  private final String words;

  Watcher(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
