package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.testkit.PoolContract;
import dev.procpool.testkit.PoolFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract on the executors of a real cluster. It takes longer than any other class, so its
 * name is among the first: classes are begun in the order of their names.
 */
@Tag("contract")
@ExtendWith(SharedCluster.class)
class ContractOnClusterTest extends PoolContract {

  @Override
  protected PoolFactory backend() {
    return new PoolFactory() {
      @Override
      public Pool create(int workers) {
        return SparkPool.builder(SharedCluster.context()).workers(workers).build();
      }

      @Override
      public Optional<Pool> create(int workers, List<PoolObserver> observers) {
        SparkPool.Builder builder = SparkPool.builder(SharedCluster.context()).workers(workers);
        observers.forEach(builder::observer);
        return Optional.of(builder.build());
      }
    };
  }
}
