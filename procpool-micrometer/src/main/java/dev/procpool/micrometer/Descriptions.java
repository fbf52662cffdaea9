package dev.procpool.micrometer;

import java.util.Map;

/** What each meter counts, for those who see its name alone: Prometheus has it as its HELP. */
final class Descriptions {

  private static final Map<String, String> OF_METERS =
      Map.ofEntries(
          Map.entry("items", "Items that have ended, by how they ended"),
          Map.entry("item.run", "How long the last attempt of an item ran"),
          Map.entry("item.wait", "How long items waited from their source until they began"),
          Map.entry("retries", "Attempts at items that failed and are repeated"),
          Map.entry("timeouts", "Attempts at items that were stopped at a limit"),
          Map.entry("call", "How long calls took, from when they were made to their last item"),
          Map.entry("worker.start", "How long workers took to start, initializer included"),
          Map.entry("worker.ends", "Workers that have ended, by reason; 'stopped' is no fault"),
          Map.entry("events.dropped", "Events that these meters were too slow to count"),
          Map.entry("workers", "Workers that there are, by what they do"),
          Map.entry("workers.target", "Workers that the pool may have"),
          Map.entry("workers.memory", "Resident memory of all workers"),
          Map.entry("queue", "Items that were taken from their sources and have not begun"),
          Map.entry("calls.active", "Calls under way"),
          Map.entry("bytes", "Bytes of arguments sent to workers, and of results received"));

  private Descriptions() {}

  /**
   * Describes a meter.
   *
   * @param name its name without our prefix
   */
  static String of(String name) {
    String text = OF_METERS.get(name);
    if (text == null) {
      throw new IllegalArgumentException("the meter " + name + " has no description");
    }
    return text;
  }
}
