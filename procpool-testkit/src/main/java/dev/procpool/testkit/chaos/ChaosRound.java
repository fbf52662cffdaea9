package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pool's life under a plan: its calls, several at a time, while it is tormented; then the
 * judgement. Used once; only {@link #completed()} is for other threads.
 */
final class ChaosRound {

  private static final int CALLS_AT_A_TIME = 3;
  private static final Duration JOIN_BOUND = Duration.ofSeconds(30);

  private final ChaosPlan plan;
  private final ChaosSite site;
  private final PrintStream out;
  private final AtomicInteger completed = new AtomicInteger();
  private final List<String> faults = new ArrayList<>();
  private final List<Report> reports = new ArrayList<>();

  ChaosRound(ChaosPlan plan, ChaosSite site, PrintStream out) {
    this.plan = plan;
    this.site = site;
    this.out = out;
  }

  /** How many items have their outcome. */
  int completed() {
    return completed.get();
  }

  /** Runs the round, adds to the tally, gives the faults. */
  List<String> run(Tally tally) throws InterruptedException, IOException {
    try (ChaosSite.Scene scene = site.open(plan)) {
      Ledger ledger = new Ledger(scene.file("ledger"));
      Pool pool = scene.pool();
      ChaosSite.Torment torment = scene.torment(completed::get);
      ExecutorService threads = Executors.newFixedThreadPool(CALLS_AT_A_TIME);
      try {
        call(pool, ledger, threads, scene.patience());
      } finally {
        torment.end();
        threads.shutdownNow();
        pool.shutdown();
        if (!pool.join(JOIN_BOUND)) {
          hang("the pool has not ended " + JOIN_BOUND + " after shutdown", pool);
          pool.terminate();
          pool.join(JOIN_BOUND);
        }
      }
      List<String> leftovers = scene.leftovers();
      leftovers.forEach(left -> faults.add("left behind: " + left));
      tally.addLeft(leftovers.size());
      Victims victims = torment.victims();
      faults.addAll(new Judge(new History(ledger.read()), victims).judge(reports));
      reports.forEach(report -> tally.add(report, victims));
      tally.addTorments(victims.count(), torment.counts());
      return faults;
    }
  }

  /** Makes all calls; gives up at the first that hangs. */
  private void call(Pool pool, Ledger ledger, ExecutorService threads, Duration patience)
      throws InterruptedException {
    List<Caller> callers = new ArrayList<>();
    List<Future<Report>> running = new ArrayList<>();
    for (ChaosCall call : plan.calls()) {
      Caller caller = new Caller(pool, call, ledger.path().toString(), completed);
      callers.add(caller);
      running.add(threads.submit(caller));
    }
    for (int i = 0; i < running.size(); i++) {
      try {
        if (awaitProgress(running.get(i), patience)) {
          reports.add(running.get(i).get());
        } else {
          hang("call " + i + " hangs", pool);
          callers.subList(i, callers.size()).forEach(caller -> reports.add(caller.report()));
          pool.terminate();
          return;
        }
      } catch (ExecutionException e) {
        faults.add("call " + i + " failed altogether: " + e.getCause());
      }
    }
  }

  /** Waits for a call: false if nothing at all happens for too long. */
  private boolean awaitProgress(Future<Report> call, Duration patience)
      throws InterruptedException {
    int before = completed.get();
    long since = System.nanoTime();
    while (true) {
      try {
        call.get(1, TimeUnit.SECONDS);
        return true;
      } catch (ExecutionException e) {
        return true; // the caller looks at it
      } catch (TimeoutException e) {
        int now = completed.get();
        if (now != before) {
          before = now;
          since = System.nanoTime();
        } else if (System.nanoTime() - since > patience.toNanos()) {
          return false;
        }
      }
    }
  }

  private void hang(String what, Pool pool) {
    out.println("HANG: " + what + ", seed of the round " + plan.seed());
    out.println(HangReport.of(pool));
    faults.add(what);
  }
}
