package dev.procpool.testkit;

import dev.procpool.local.ProcessPool;

/** The contract on worker processes of this machine. */
class ProcessPoolContractTest extends PoolContract {

  @Override
  protected PoolFactory backend() {
    return ProcessPool::create;
  }
}
