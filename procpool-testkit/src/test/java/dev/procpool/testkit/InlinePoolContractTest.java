package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.inline.InlinePool;
import java.util.List;
import java.util.Optional;

/** The contract on threads of this JVM. */
class InlinePoolContractTest extends PoolContract {

  @Override
  protected PoolFactory backend() {
    return new PoolFactory() {
      @Override
      public Pool create(int workers) {
        return InlinePool.create(workers);
      }

      @Override
      public Optional<Pool> create(int workers, List<PoolObserver> observers) {
        InlinePool.Builder builder = InlinePool.builder().workers(workers);
        observers.forEach(builder::observer);
        return Optional.of(builder.build());
      }

      @Override
      public boolean isolatesProcesses() {
        return false;
      }
    };
  }
}
