package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 7 of the contract: calls made at the same time. */
public abstract class FairnessContract extends ContractTest {

  /** For subclasses. */
  protected FairnessContract() {}

  @Test
  void callsFromManyThreadsKeepTheirResultsApart() throws Exception {
    Pool pool = pool(2);
    List<Background<Integer>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      int offset = 1000 * caller;
      callers.add(
          Background.of(
              () -> {
                List<Integer> items = IntStream.range(offset, offset + 50).boxed().toList();
                List<Integer> negated = items.stream().map(x -> -x).toList();
                for (int round = 0; round < 10; round++) {
                  assertThat(pool.map(x -> -x, items)).isEqualTo(negated);
                  assertThat(pool.<Integer, Integer>apply(x -> x + 1, offset))
                      .isEqualTo(offset + 1);
                }
                return offset;
              }));
    }
    for (int caller = 0; caller < 8; caller++) {
      assertThat(callers.get(caller).value()).isEqualTo(1000 * caller);
    }
  }

  @Test
  void aShortCallIsNotStuckBehindALongOne() throws Exception {
    checkShortCallGetsThrough(TaskOptions.defaults());
  }

  @Test
  void aShortCallIsNotStuckBehindALongOneWithChunks() throws Exception {
    checkShortCallGetsThrough(TaskOptions.defaults().chunkSize(10));
  }

  private void checkShortCallGetsThrough(TaskOptions options) throws Exception {
    Pool pool = pool(1);
    // So many items of a millisecond that none of the waits below outlasts the long call.
    List<Integer> many = IntStream.range(0, 1_000_000).boxed().toList();
    Task1<Integer, Integer> millisecond =
        x -> {
          TimeUnit.MILLISECONDS.sleep(1);
          return x;
        };
    MapResult<Integer> longCall = pool.with(options).mapAsync(millisecond, many);
    Eventually.until("the long call has begun", () -> longCall.completed() > 0);
    assertThat(pool.applyAsync(() -> "short").get(BOUND)).isEqualTo("short");
    assertThat(pool.mapAsync(x -> x, List.of(1, 2, 3)).get(BOUND)).containsExactly(1, 2, 3);
    assertThat(longCall.isReady()).isFalse();
    longCall.cancel(true);
  }

  @Test
  void aShortCallIsNotStuckBehindAnEndlessSource() throws Exception {
    Pool pool = pool(1);
    MapResult<Long> endless = pool.mapAsync(x -> x, Sources.endless(new AtomicLong()));
    Eventually.until("the endless call has begun", () -> endless.completed() > 0);
    assertThat(pool.applyAsync(() -> "short").get(BOUND)).isEqualTo("short");
    assertThat(endless.isReady()).isFalse();
    endless.cancel(true);
  }

  @Test
  void twoLongCallsBothAdvance() throws Exception {
    Pool pool = pool(1);
    List<Integer> many = IntStream.range(0, 1_000_000).boxed().toList();
    Task1<Integer, Integer> millisecond =
        x -> {
          TimeUnit.MILLISECONDS.sleep(1);
          return x;
        };
    MapResult<Integer> first = pool.mapAsync(millisecond, many);
    MapResult<Integer> second = pool.mapAsync(millisecond, many);
    Eventually.until(
        "both calls have made progress", () -> first.completed() > 100 && second.completed() > 100);
    first.cancel(true);
    second.cancel(true);
  }

  @Test
  void aStreamThatNobodyConsumesHoldsUpNoOtherCall() throws Exception {
    Pool pool = pool(1);
    var unread =
        pool.with(TaskOptions.defaults().lookAhead(2))
            .imap(x -> x, Sources.endless(new AtomicLong()));
    assertThat(pool.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    assertThat(unread.next()).isZero();
    unread.close();
  }
}
