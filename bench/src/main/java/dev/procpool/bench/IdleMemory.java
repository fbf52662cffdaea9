package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.util.List;

/** How much memory a worker has had at most that has done next to nothing. */
final class IdleMemory {

  private IdleMemory() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    double bare = Rounds.median(0, options.rounds(), IdleMemory::bareJvm);
    double ours = Rounds.median(0, options.rounds(), IdleMemory::worker);
    table
        .ours("peak memory of an idle worker", "MB", Table.Better.LOWER, ours)
        .reach(1.5 * bare)
        .beside(peers.pythonName(), peers.python("idle") / 1024)
        .beside("limit: a bare JVM, serial collector", bare);
  }

  private static double worker() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      pool.apply(Work::add, 1, 0.5);
      WorkerInfo worker = pool.workers().get(0);
      return Machine.peakKilobytes(worker.pid()) / 1024;
    }
  }

  private static double bareJvm() throws IOException {
    Process process = Peers.jvm(List.of("-XX:+UseSerialGC"), BareJvm.class).start();
    try {
      process.inputReader().readLine();
      return Machine.peakKilobytes(process.pid()) / 1024;
    } finally {
      process.destroyForcibly();
    }
  }
}
