package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.inline.InlinePool;

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
      public boolean isolatesProcesses() {
        return false;
      }
    };
  }
}
