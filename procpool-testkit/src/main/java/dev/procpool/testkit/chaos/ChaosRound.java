package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.WorkerOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pool's life under a plan: its calls, several at a time, while it is tormented; then the
 * judgement. Used once; only {@link #completed()} is for other threads.
 */
final class ChaosRound {

  private static final int CALLS_AT_A_TIME = 3;
  private static final Duration JOIN_BOUND = Duration.ofSeconds(30);

  private final ChaosPlan plan;
  private final AtomicInteger completed = new AtomicInteger();

  ChaosRound(ChaosPlan plan) {
    this.plan = plan;
  }

  /** How many items have their outcome. */
  int completed() {
    return completed.get();
  }

  /** Runs the round, adds to the tally, gives the faults. */
  List<String> run(Tally tally) throws InterruptedException, IOException {
    try (Ground ground = new Ground()) {
      Ledger ledger = new Ledger(ground.file("ledger"));
      List<String> faults = new ArrayList<>();
      List<Caller.Report> reports = new ArrayList<>();
      Pool pool = pool();
      Tormentor tormentor = new Tormentor(pool, plan.seed());
      ExecutorService callers = Executors.newFixedThreadPool(CALLS_AT_A_TIME);
      try {
        List<Future<Caller.Report>> running = new ArrayList<>();
        for (ChaosCall call : plan.calls()) {
          running.add(callers.submit(new Caller(pool, call, ledger.path().toString(), completed)));
        }
        for (Future<Caller.Report> report : running) {
          try {
            reports.add(report.get());
          } catch (ExecutionException e) {
            faults.add("a call failed altogether: " + e.getCause());
          }
        }
      } finally {
        tormentor.end();
        callers.shutdownNow();
        pool.shutdown();
        if (!pool.join(JOIN_BOUND)) {
          faults.add("the pool has not ended " + JOIN_BOUND + " after shutdown: " + pool.workers());
          pool.terminate();
          pool.join(JOIN_BOUND);
        }
      }
      Set<Long> victims = tormentor.victims();
      ground.leftovers().forEach(left -> faults.add("left behind: " + left));
      faults.addAll(new Judge(new History(ledger.read()), victims).judge(reports));
      reports.forEach(report -> tally.add(report, victims));
      tally.addSignals(victims.size());
      return faults;
    }
  }

  private Pool pool() {
    return ProcessPool.builder()
        .workers(plan.workers())
        .maxTasksPerWorker(plan.maxTasksPerWorker())
        .jvmOptions(List.of("-Xmx320m", "--add-modules=jdk.unsupported"))
        .gracePeriod(Duration.ofMillis(200))
        .freezeLimit(Duration.ofSeconds(2))
        .restartIntensity(100_000, Duration.ofMinutes(1)) // the tormentor hits idle workers too
        .output(WorkerOutput.discard())
        .build();
  }
}
