package dev.procpool.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the measures that are asked for and prints a table. Run it with {@code bench/run}, which
 * does so twice: what watches a pool needs some thirty jars, and with these on the class path each
 * JVM and each worker takes longer to start, which is what others of the measures are about.
 */
public final class Bench {

  /** With the core alone on the class path. */
  private static final Map<String, Measure> MEASURES = new LinkedHashMap<>();

  /** With what watches pools there, too. */
  private static final Map<String, Measure> WATCHED = new LinkedHashMap<>();

  static {
    MEASURES.put("throughput", Throughput::measure);
    MEASURES.put("roundtrip", RoundTrip::measure);
    MEASURES.put("large", LargeArgument::measure);
    MEASURES.put("start", Start::measure);
    MEASURES.put("memory", IdleMemory::measure);
    MEASURES.put("stream", LongStream::measure);
    MEASURES.put("chunks", ChunkChoice::measure);
    MEASURES.put("command line", CommandLine::measure);
    WATCHED.put("observing", Observing::measure);
    WATCHED.put("page", PageShare::ofTwo);
    WATCHED.put("page256", PageShare::ofMany);
  }

  private Bench() {}

  /** One measure: fills in its part of the table. */
  private interface Measure {
    void take(Options options, Peers peers, Table table) throws Exception;
  }

  /**
   * Runs the comparison.
   *
   * @param args the options that {@code bench/run} tells of
   * @throws Exception if a measure can't be taken
   */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    Options options = Options.parse(args);
    Map<String, Measure> wanted = new LinkedHashMap<>(options.watched() ? WATCHED : MEASURES);
    wanted.keySet().removeIf(name -> !name.contains(options.only()));
    if (wanted.isEmpty()) {
      return; // they are the other run's
    }
    Peers peers = new Peers(options);
    Table table = new Table();
    for (Map.Entry<String, Measure> measure : wanted.entrySet()) {
      System.err.println("measuring: " + measure.getKey());
      measure.getValue().take(options, peers, table);
    }
    System.out.println(Machine.describe());
    System.out.print(table.print(options.markdown()));
    System.exit(0); // nobody waits for threads of the peers
  }
}
