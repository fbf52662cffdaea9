package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Many items through {@code imapUnordered} in a JVM with a heap of 64 MB. */
final class LongStream {

  private LongStream() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    String items = Long.toString(options.streamItems());
    Map<String, String> told = Peers.runJvm(List.of("-Xmx64m"), Map.of(), Program.class, items);
    if (!"true".equals(told.get("right"))) {
      throw new IOException("the program with a heap of 64 MB has failed");
    }
    String what = "imapUnordered, %,d items, parent with -Xmx64m".formatted(options.streamItems());
    table.ours(what, "items/s", Table.Better.HIGHER, Double.parseDouble(told.get("rate")));
    table
        .ours(
            "… the parent's peak memory in the end",
            "MB",
            Table.Better.LOWER,
            Double.parseDouble(told.get("end")))
        .beside("after a tenth of them", Double.parseDouble(told.get("tenth")));
  }

  /** Streams, and tells what it took. */
  static final class Program {

    private Program() {}

    public static void main(String[] args) throws Exception {
      int items = Integer.parseInt(args[0]);
      long self = ProcessHandle.current().pid();
      long begin = System.nanoTime();
      try (Pool pool = ProcessPool.create(2)) {
        Iterable<Integer> source = () -> IntStream.range(0, items).iterator();
        long sum = 0;
        int taken = 0;
        try (ResultIterator<Integer> results = pool.imapUnordered(i -> i + 1, source)) {
          while (results.hasNext()) {
            sum += results.next();
            taken++;
            if (taken == items / 10) {
              System.out.println("tenth " + Machine.peakKilobytes(self) / 1024);
            }
          }
        }
        System.out.println("right " + (sum == (long) items * (items + 1L) / 2));
        System.out.println("rate " + items / ((System.nanoTime() - begin) / 1e9));
        System.out.println("end " + Machine.peakKilobytes(self) / 1024);
      }
    }
  }
}
