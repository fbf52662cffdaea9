package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whoever was interrupted may use a pool: an interrupt closes a file's channel, even if it came
 * before; and it is the caller's, so that it stands.
 */
class InterruptedCallerTest extends ProcessPoolTest {

  private static void interrupted(Runnable action) {
    Thread.currentThread().interrupt();
    try {
      action.run();
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt stands").isTrue();
    }
  }

  @Test
  void whatDoesNotWaitWorksAsEver() throws Exception {
    Pool[] made = new Pool[1];
    interrupted(() -> made[0] = built(ProcessPool.builder().workers(1)));
    Pool pool = made[0];
    interrupted(pool::prestart);
    interrupted(() -> pool.resize(2));
    interrupted(pool::workers);
    @SuppressWarnings({"unchecked", "rawtypes"})
    AsyncResult<Integer>[] one = new AsyncResult[1];
    interrupted(() -> one[0] = pool.applyAsync(x -> x + 1, 1));
    assertThat(one[0].get()).isEqualTo(2);
    @SuppressWarnings({"unchecked", "rawtypes"})
    MapResult<Integer>[] many = new MapResult[1];
    interrupted(() -> many[0] = pool.mapAsync(x -> x + 1, List.of(1, 2, 3)));
    assertThat(many[0].get()).containsExactly(2, 3, 4);
    @SuppressWarnings({"unchecked", "rawtypes"})
    Shared<List<Integer>>[] shared = new Shared[1];
    interrupted(() -> shared[0] = pool.share(List.of(7)));
    assertThat(pool.<Shared<List<Integer>>, Integer>apply(s -> s.get().get(0), shared[0]))
        .isEqualTo(7);
    interrupted(shared[0]::close);
    interrupted(pool::terminate);
    assertThat(pool.join(Duration.ofMinutes(1))).isTrue();
  }

  /** A caller that spins does the engine's work on its own thread. */
  @Test
  void aCallerThatDoesThePoolsWorkHarmsNothing() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).spinWait(Duration.ofMillis(1)));
    for (int i = 0; i < 20; i++) {
      Thread.currentThread().interrupt();
      AsyncResult<Integer> result = pool.applyAsync(x -> x + 1, i);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(result.get()).isEqualTo(i + 1);
    }
    assertThat(pool.workers()).singleElement().matches(worker -> worker.tasksDone() == 20);
  }
}
