package dev.procpool.examples;

// region contract
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.testkit.PoolContract;
import dev.procpool.testkit.PoolFactory;
import java.util.List;
import java.util.Optional;

/** The guide's backend keeps the contract, but for what threads can't give. */
class ThreadWorkerContractTest extends PoolContract {

  @Override
  protected PoolFactory backend() {
    return new PoolFactory() {
      @Override
      public Pool create(int workers) {
        return ThreadWorker.pool("threads", workers);
      }

      @Override
      public Optional<Pool> create(int workers, List<PoolObserver> observers) {
        PoolObserver[] all = observers.toArray(PoolObserver[]::new);
        return Optional.of(ThreadWorker.pool("threads", workers, all));
      }

      @Override
      public boolean serializes() {
        return false; // a task has its caller's objects
      }

      @Override
      public boolean isolatesProcesses() {
        return false;
      }

      @Override
      public boolean letsItemsEnd() {
        return false;
      }
    };
  }
}
// endregion
