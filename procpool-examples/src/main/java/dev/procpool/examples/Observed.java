package dev.procpool.examples;

// region program
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class Observed {
  static class Alarms implements PoolObserver {
    @Override
    public void itemEnded(PoolEvent.ItemEnd item) {
      if (item.kind() != OutcomeKind.SUCCESS) {
        String label = item.call().label().orElse("");
        System.out.println(label + "[" + item.index() + "]: " + item.kind());
      }
    }

    @Override
    public void workerEnded(PoolEvent.WorkerGone worker) {
      if (worker.why() != WorkerEnd.STOPPED) {
        worker.exit().ifPresent(exit -> System.out.println(exit.reason()));
      }
    }
  }

  static int parsed(int document) {
    if (document == 2) {
      System.exit(1); // what native code may do
    }
    return document;
  }

  public static void main(String[] args) throws Exception {
    Pool pool = ProcessPool.builder().workers(2).observer(new Alarms()).build();
    pool.with(TaskOptions.defaults().label("parse"))
        .mapAsync(Observed::parsed, List.of(1, 2, 3))
        .outcomes();
    pool.close();
    PoolStats.Totals totals = pool.stats().totals();
    System.out.println(totals.items().get(OutcomeKind.SUCCESS) + " succeeded");
  }
}
// endregion
