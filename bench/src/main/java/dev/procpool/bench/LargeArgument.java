package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.Random;
import java.util.concurrent.Callable;

/** How fast one argument of 256 MB gets to a worker. */
final class LargeArgument {

  private static final int BYTES = 256 * 1024 * 1024;

  private LargeArgument() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    byte[] data = new byte[BYTES];
    new Random(1).nextBytes(data);
    try (Pool pool = ProcessPool.create(2)) {
      double ours = speed(options, () -> pool.apply(bytes -> bytes.length, data));
      byte[] copy = new byte[BYTES];
      double limit =
          speed(
              options,
              () -> {
                System.arraycopy(data, 0, copy, 0, BYTES);
                return copy;
              });
      table
          .ours("one byte[] of 256 MB as argument", "GB/s", Table.Better.HIGHER, ours)
          .reach(2.5)
          .beside(peers.pythonName(), peers.python("copy"))
          .beside("limit: a copy in memory", limit);
    }
  }

  private static double speed(Options options, Callable<?> call) throws Exception {
    return Rounds.median(2, options.rounds(), () -> BYTES / Rounds.seconds(call) / 1e9);
  }
}
