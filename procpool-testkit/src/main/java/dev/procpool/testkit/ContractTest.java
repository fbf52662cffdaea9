package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the parts of the contract share: pools that are ended after each test, latches and logs in a
 * directory of the test's own, and the check that nothing is left.
 *
 * <p>Tasks in subclasses must not capture the test instance: it can't be serialized.
 */
@ExtendWith(NoLeftovers.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ContractTest {

  /** How long a test waits for what must happen. No test's result depends on its value. */
  protected static final Duration BOUND = FileLatch.BOUND;

  private final List<Pool> pools = new ArrayList<>();

  @TempDir private Path directory;

  /** For subclasses. */
  protected ContractTest() {}

  /**
   * Names the backend under test.
   *
   * @return the factory of its pools
   */
  protected abstract PoolFactory backend();

  /**
   * Makes a pool that ends with the test.
   *
   * @param workers the number of workers
   * @return the pool
   */
  protected final Pool pool(int workers) {
    return endedAfterTest(backend().create(workers));
  }

  /**
   * Has a pool ended after the test.
   *
   * @param pool the pool
   * @return the pool
   */
  protected final Pool endedAfterTest(Pool pool) {
    pools.add(pool);
    return pool;
  }

  /**
   * Makes a latch for this test.
   *
   * @param name its name within the test
   * @return a closed latch
   */
  protected final FileLatch latch(String name) {
    return new FileLatch(directory.resolve(name));
  }

  /**
   * Makes a log for this test.
   *
   * @param name its name within the test
   * @return an empty log
   */
  protected final FileLog log(String name) {
    return new FileLog(directory.resolve(name + ".log"));
  }

  /**
   * Waits for a latch of this JVM.
   *
   * @param latch the latch
   * @throws InterruptedException if this thread was interrupted
   */
  protected static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS))
        .as("the latch was opened within %s", BOUND)
        .isTrue();
  }

  @AfterEach
  final void endPools() throws InterruptedException {
    pools.forEach(Pool::terminate);
    for (Pool pool : pools) {
      assertThat(pool.join(BOUND)).as("the pool ended within %s of terminate()", BOUND).isTrue();
      assertThat(pool.isTerminated()).isTrue();
    }
  }
}
