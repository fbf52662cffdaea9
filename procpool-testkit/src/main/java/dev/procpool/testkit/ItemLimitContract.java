package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: time limits that items have by what they are. */
public abstract class ItemLimitContract extends ContractTest {

  /** Where items have to get somewhere within it, on a busy machine, in a JVM that just started. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LONG = Duration.ofMinutes(2);

  /** For subclasses. */
  protected ItemLimitContract() {}

  private static TaskOptions limit(Function<Integer, Duration> ofItem) {
    return TaskOptions.defaults().timeout(ofItem);
  }

  private static int hang(FileLatch never) throws Exception {
    never.await();
    throw new AssertionError("opened " + never);
  }

  @Test
  void eachItemHasItsOwnLimitAndItsOutcomeTellsIt() throws Exception {
    itsOutcomeTellsItsLimit(1);
  }

  @Test
  void eachItemOfAChunkHasItsOwnLimit() throws Exception {
    itsOutcomeTellsItsLimit(5);
  }

  private void itsOutcomeTellsItsLimit(int chunkSize) throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    Duration own = AMPLE.plusNanos(1);
    List<Outcome<Integer>> outcomes =
        pool.with(limit(x -> x == 2 ? own : LONG).chunkSize(chunkSize))
            .mapAsync(
                x -> {
                  if (x == 3) {
                    TimeUnit.NANOSECONDS.sleep(own.plusMillis(200).toNanos()); // the other's limit
                  }
                  return x == 2 ? hang(never) : x;
                },
                List.of(0, 1, 2, 3, 4))
            .outcomes();
    assertThat(outcomes)
        .extracting(Outcome::isSuccess)
        .containsExactly(true, true, false, true, true);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.TimedOut.class);
    Outcome.TimedOut<Integer> timedOut = (Outcome.TimedOut<Integer>) outcomes.get(2);
    assertThat(timedOut.limit()).isEqualTo(own);
    assertThat(timedOut.stack()).extracting(StackTraceElement::getMethodName).contains("hang");
  }

  @Test
  void theFunctionIsAskedHereOnceForEachItemAndAttemptsHaveTheSameLimit() throws Exception {
    List<Object> asked = Collections.synchronizedList(new ArrayList<>()); // not sent anywhere
    FileLatch never = latch("never");
    Pool pool =
        pool(1)
            .with(
                limit(
                        x -> {
                          asked.add(x);
                          return x == 1 ? Duration.ofMillis(300) : LONG;
                        })
                    .retry(RetryPolicy.attempts(2).onTimeout()));
    List<Outcome<Integer>> outcomes =
        pool.mapAsync(x -> x == 1 ? hang(never) : x, List.of(0, 1, 2)).outcomes();
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcomes.get(1).attempts()).isEqualTo(2);
    assertThat(((Outcome.TimedOut<Integer>) outcomes.get(1)).limit())
        .isEqualTo(Duration.ofMillis(300));
    assertThat(outcomes.get(2).valueOrThrow()).isEqualTo(2);
    assertThat(asked).containsExactly(0, 1, 2);
  }

  private static Duration oddLimit(int item) {
    return switch (item) {
      case 1 -> throw new IllegalStateException("no size known");
      case 2 -> Duration.ZERO;
      case 3 -> Duration.ofSeconds(-1);
      case 4 -> nothing();
      case 5 -> throw new StackOverflowError();
      default -> ChronoUnit.FOREVER.getDuration();
    };
  }

  @Test
  void anItemWithoutAUsableLimitFailsAloneAndIsNamed() throws Exception {
    failsAlone(1);
  }

  @Test
  void anItemWithoutAUsableLimitFailsAloneInAChunkToo() throws Exception {
    failsAlone(10);
  }

  private void failsAlone(int chunkSize) throws Exception {
    FileLog runs = log("runs");
    List<Outcome<Integer>> outcomes =
        pool(1)
            .with(limit(ItemLimitContract::oddLimit).chunkSize(chunkSize))
            .mapAsync(
                x -> {
                  runs.add(x);
                  return x;
                },
                List.of(0, 1, 2, 3, 4, 5, 6))
            .outcomes();
    assertThat(runs.lines()).containsExactly("0", "6");
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.get(6).valueOrThrow()).isEqualTo(6);
    assertThat(outcomes.subList(1, 6))
        .allMatch(outcome -> outcome.attempts() == 0)
        .extracting(outcome -> outcome.failure().orElseThrow())
        .allMatch(failure -> failure.getClass() == IllegalArgumentException.class)
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            m ->
                assertThat(m)
                    .isEqualTo(
                        "item 1: timeout(item -> …) threw java.lang.IllegalStateException: no size"
                            + " known"),
            m ->
                assertThat(m)
                    .isEqualTo(
                        "item 2: timeout(item -> …) gave PT0S, which is no positive limit; for none"
                            + " give ChronoUnit.FOREVER.getDuration()"),
            m -> assertThat(m).startsWith("item 3: timeout(item -> …) gave PT-1S,"),
            m -> assertThat(m).startsWith("item 4: timeout(item -> …) gave null,"),
            m -> assertThat(m).startsWith("item 5: timeout(item -> …) threw java.lang.StackOverf"));
    assertThat(outcomes.get(1).failure().orElseThrow()).hasCauseInstanceOf(RuntimeException.class);
  }

  @Test
  void itemsOfAnotherTypeFailAndSaySo() throws Exception {
    TaskOptions ofText = TaskOptions.defaults().timeout((String s) -> LONG.plusMillis(s.length()));
    Outcome<Integer> outcome = pool(1).with(ofText).mapAsync(x -> x, List.of(1)).outcomes().get(0);
    assertThat(outcome.failure().orElseThrow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("item 0: timeout(item -> …) threw java.lang.ClassCastException");
  }

  @Test
  void aStreamGoesOnAfterAnItemWithoutALimit() throws Exception {
    FileLatch never = latch("never");
    Pool pool =
        pool(2).with(limit(x -> x == 1 ? Duration.ZERO : x == 2 ? AMPLE : LONG).lookAhead(4));
    try (ResultIterator<Integer> results =
        pool.imap(x -> x == 2 ? hang(never) : x, Stream.iterate(0, x -> x + 1))) {
      assertThat(results.next()).isZero();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(results::next)
          .withCauseExactlyInstanceOf(IllegalArgumentException.class);
      assertThat(results.nextOutcome(BOUND)).isInstanceOf(Outcome.TimedOut.class);
      assertThat(results.next()).isEqualTo(3);
      assertThat(results.next()).isEqualTo(4);
    }
  }

  @Test
  void severalArgumentsComeTogetherAndNoneAsNull() throws Exception {
    List<Object> asked = Collections.synchronizedList(new ArrayList<>());
    Pool pool = pool(1).with(TaskOptions.defaults().timeout(seen(asked)));
    assertThat(pool.starmap((a, b) -> a + b, List.of(Args.of("a", 1), Args.of("b", 2))))
        .containsExactly("a1", "b2");
    int product = pool.apply((a, b) -> a * b, 6, 7);
    assertThat(product).isEqualTo(42);
    assertThat(pool.apply(() -> "none")).isEqualTo("none");
    assertThat(pool.map(x -> String.valueOf(x), Arrays.asList("x", null)))
        .containsExactly("x", "null");
    assertThat(asked)
        .containsExactly(Args.of("a", 1), Args.of("b", 2), Args.of(6, 7), null, "x", null);
    Pool byLength =
        pool(1)
            .with(
                TaskOptions.defaults()
                    .timeout((Args2<String, Integer> args) -> LONG.plusMillis(args.second())));
    assertThat(byLength.starmap((a, b) -> a + b, List.of(Args.of("c", 3)))).containsExactly("c3");
  }

  private static Function<Object, Duration> seen(List<Object> asked) {
    return item -> {
      asked.add(item);
      return LONG;
    };
  }

  @Test
  void largeItemsHaveTheirLimitsToo() throws Exception {
    TaskOptions bySize = TaskOptions.defaults().timeout((byte[] b) -> LONG.plusNanos(b.length));
    byte[] large = new byte[3_000_000];
    large[2_999_999] = 7;
    assertThat(pool(1).with(bySize).map(b -> b[b.length - 1], List.of(large, new byte[] {5})))
        .containsExactly((byte) 7, (byte) 5);
    byte last = pool(1).with(bySize).apply(b -> b[b.length - 1], large);
    assertThat(last).isEqualTo((byte) 7);
  }

  @Test
  void whatTheFunctionDoesToItsThreadIsNotMeantForTheItems() throws Exception {
    Pool pool =
        pool(1)
            .with(
                limit(
                    x -> {
                      Thread.currentThread().interrupt();
                      return LONG;
                    }));
    List<Integer> items = List.of(1, 2, 3);
    assertThat(pool.map(x -> x, items)).isEqualTo(items);
  }

  @Test
  void theLastLimitSetCounts() {
    TaskOptions byItem = limit(x -> LONG);
    assertThat(byItem.hasTimeoutByItem()).isTrue();
    assertThat(byItem.timeout()).isEmpty();
    assertThat(byItem.timeoutOf(1)).contains(LONG);
    assertThat(byItem.chunkSize(3).hasTimeoutByItem()).as("of a changed copy").isTrue();
    assertThat(byItem.toString()).contains("timeout=by item");
    TaskOptions forAll = byItem.timeout(AMPLE);
    assertThat(forAll.hasTimeoutByItem()).isFalse();
    assertThat(forAll.timeoutOf(1)).contains(AMPLE);
    assertThat(forAll.timeout(x -> LONG).timeout()).isEmpty();
    assertThat(TaskOptions.defaults().timeoutOf(1)).isEmpty();
    assertThatNullPointerException()
        .isThrownBy(
            () -> TaskOptions.defaults().timeout(Nothing.<Function<Object, Duration>>nothing()));
  }
}
