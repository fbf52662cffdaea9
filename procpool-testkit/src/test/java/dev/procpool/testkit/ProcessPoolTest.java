package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What the tests of real worker processes share. */
abstract class ProcessPoolTest extends ContractTest {

  @Override
  protected PoolFactory backend() {
    return ProcessPool::create;
  }

  /** Builds a pool that ends with the test. */
  final Pool built(ProcessPool.Builder builder) {
    return endedAfterTest(builder.build());
  }

  /** Has as many tasks wait for each other and gives the processes that they ran in. */
  final List<Long> pidsOfAllWorkers(Pool pool, int workers, String name) throws Exception {
    List<FileLatch> arrived =
        IntStream.range(0, workers).mapToObj(i -> latch(name + "-arrived-" + i)).toList();
    return pool.map(
        i -> {
          arrived.get(i).countDown();
          for (FileLatch other : arrived) {
            other.await();
          }
          return ProcessHandle.current().pid();
        },
        IntStream.range(0, workers).boxed().toList());
  }

  /** Sends a signal, by the name that {@code kill} knows. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, "--", String.valueOf(pid)).inheritIO().start();
    if (!kill.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new AssertionError("kill -" + name + " " + pid + " failed");
    }
  }

  /** Tells whether a process has ended; one that waits to be reaped has. */
  static boolean isGone(long pid) {
    return ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
  }
}
