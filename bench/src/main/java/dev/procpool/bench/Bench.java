package dev.procpool.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Takes the measures that are asked for and prints one table. Run it with {@code bench/run}. */
public final class Bench {

  private static final Map<String, Measure> MEASURES = new LinkedHashMap<>();

  static {
    MEASURES.put("throughput", Throughput::measure);
    MEASURES.put("observing", Observing::measure);
    MEASURES.put("page", PageShare::ofTwo);
    MEASURES.put("page256", PageShare::ofMany);
    MEASURES.put("roundtrip", RoundTrip::measure);
    MEASURES.put("large", LargeArgument::measure);
    MEASURES.put("start", Start::measure);
    MEASURES.put("memory", IdleMemory::measure);
    MEASURES.put("stream", LongStream::measure);
    MEASURES.put("chunks", ChunkChoice::measure);
    MEASURES.put("command line", CommandLine::measure);
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
    Peers peers = new Peers(options);
    Table table = new Table();
    for (Map.Entry<String, Measure> measure : MEASURES.entrySet()) {
      if (measure.getKey().contains(options.only())) {
        System.err.println("measuring: " + measure.getKey());
        measure.getValue().take(options, peers, table);
      }
    }
    System.out.println(Machine.describe());
    System.out.print(table.print(options.markdown()));
    System.exit(0); // nobody waits for threads of the peers
  }
}
