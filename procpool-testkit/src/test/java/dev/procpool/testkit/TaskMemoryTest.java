package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks, and what they have captured, are not kept in workers for longer than their calls last. */
class TaskMemoryTest extends ProcessPoolTest {

  private static final int CALLS = 100;
  private static final int BYTES = 2 * 1024 * 1024;

  /** A heap that holds a few of these tasks, and not as many as there are calls. */
  private static final String HEAP = "-Xmx64m";

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private Pool pool() {
    return built(ProcessPool.builder().workers(1).jvmOptions(HEAP));
  }

  /** A call whose task captures some bytes, and gives the second of them. */
  private interface Call {
    byte second(Pool pool, byte[] captured) throws Exception;
  }

  private void assertNothingStays(Call call) throws Exception {
    Pool pool = pool();
    long first = pool.apply(TaskMemoryTest::pid);
    for (int i = 0; i < CALLS; i++) {
      byte[] captured = new byte[BYTES];
      captured[1] = (byte) i;
      assertThat(call.second(pool, captured)).isEqualTo((byte) i);
    }
    assertThat(pool.apply(TaskMemoryTest::pid)).as("no worker ran out of memory").isEqualTo(first);
  }

  @Test
  void ofCallsOfOneItem() throws Exception {
    assertNothingStays((pool, captured) -> pool.apply(x -> captured[x], 1));
  }

  @Test
  void ofCallsOfSeveralItems() throws Exception {
    assertNothingStays(
        (pool, captured) -> {
          List<Byte> values = pool.map(x -> captured[x], List.of(0, 1));
          assertThat(values.get(0)).isZero();
          return values.get(1);
        });
  }

  /** Counts its calls, where it is decoded once. */
  private static int failing(AtomicInteger calls, int most) {
    if (calls.incrementAndGet() <= most) {
      throw new IllegalStateException("call " + calls);
    }
    return calls.get();
  }

  @Test
  void eachAttemptAtTheItemOfACallHasATaskOfItsOwn() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pool pool = pool().with(TaskOptions.defaults().retry(RetryPolicy.attempts(3)));
    assertThatThrownBy(() -> pool.apply(most -> failing(calls, most), 1))
        .as("the last of three attempts")
        .hasRootCauseMessage("call 1");
    assertThat(calls).as("the caller's").hasValue(0);
  }
}
