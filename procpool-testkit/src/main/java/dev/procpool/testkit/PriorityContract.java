package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls of higher priority go first, and none starves. */
public abstract class PriorityContract extends ContractTest {

  /** So many items of a millisecond that no wait outlasts them. */
  private static final List<Integer> MANY = IntStream.range(0, 1_000_000).boxed().toList();

  private static final Task1<Integer, Integer> MILLISECOND =
      x -> {
        TimeUnit.MILLISECONDS.sleep(1);
        return x;
      };

  /** For subclasses. */
  protected PriorityContract() {}

  @Test
  void anUrgentCallOvertakesALongOne() throws Exception {
    checkOvertakes(TaskOptions.defaults().chunkSize(1));
    checkOvertakes(TaskOptions.defaults());
    checkOvertakes(TaskOptions.defaults().chunkSize(10_000));
  }

  private void checkOvertakes(TaskOptions ofLong) throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> longCall = pool.with(ofLong).mapAsync(MILLISECOND, MANY);
    Eventually.until("the long call has begun", () -> longCall.completed() > 0);
    MapResult<Integer> urgent =
        pool.withChunkSize(1).withPriority(5).mapAsync(MILLISECOND, MANY.subList(0, 400));
    Eventually.until("the urgent call has begun", () -> urgent.completed() > 0);
    long before = longCall.completed();
    urgent.get(BOUND);
    assertThat(longCall.completed() - before)
        .as("items of the long call, by fair turns as many as of the urgent one")
        .isLessThan(300);
    longCall.cancel(true);
    pool.terminate();
  }

  @Test
  void aCallOfLowPriorityStillAdvances() throws Exception {
    Pool pool = pool(1);
    MapResult<Long> endless =
        pool.withPriority(100).mapAsync(x -> x, Sources.endless(new AtomicLong()));
    Eventually.until("the urgent call has begun", () -> endless.completed() > 0);
    MapResult<Integer> low = pool.mapAsync(x -> x, MANY.subList(0, 100));
    MapResult<Integer> lowest = pool.withPriority(-7).mapAsync(x -> x, MANY.subList(0, 100));
    assertThat(low.get(BOUND)).hasSize(100);
    assertThat(lowest.get(BOUND)).hasSize(100);
    assertThat(endless.isReady()).isFalse();
    endless.cancel(true);
  }

  @Test
  void callsOfOnePriorityTakeTurns() throws Exception {
    Pool pool = pool(1).withPriority(3);
    MapResult<Integer> first = pool.mapAsync(MILLISECOND, MANY);
    MapResult<Integer> second = pool.mapAsync(MILLISECOND, MANY);
    Eventually.until(
        "both calls have made progress", () -> first.completed() > 100 && second.completed() > 100);
    first.cancel(true);
    second.cancel(true);
  }

  @Test
  void extremesArePriorities() throws Exception {
    Pool pool = pool(1);
    assertThat(pool.withPriority(Integer.MAX_VALUE).map(x -> x, List.of(1))).containsExactly(1);
    assertThat(pool.withPriority(Integer.MIN_VALUE).map(x -> x, List.of(1))).containsExactly(1);
    assertThat(pool.withPriority(7).<Integer, Integer>apply(x -> x + 1, 1)).isEqualTo(2);
  }
}
