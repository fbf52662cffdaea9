package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.Optional;

/** The contract on worker processes of this machine. */
class ProcessPoolContractTest extends PoolContract {

  @Override
  protected PoolFactory backend() {
    return new PoolFactory() {
      @Override
      public Pool create(int workers) {
        return ProcessPool.create(workers);
      }

      @Override
      public Optional<Pool> create(int workers, List<PoolObserver> observers) {
        ProcessPool.Builder builder = ProcessPool.builder().workers(workers);
        observers.forEach(builder::observer);
        return Optional.of(builder.build());
      }
    };
  }
}
