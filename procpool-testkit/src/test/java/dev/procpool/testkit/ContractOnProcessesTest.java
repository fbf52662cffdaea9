package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.Optional;

/**
 * The contract on worker processes of this machine. It takes longer than any other class, so its
 * name is among the first: classes are begun in the order of their names.
 */
class ContractOnProcessesTest extends PoolContract {

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
