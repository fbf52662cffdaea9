package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What there is of a result whose item has none: {@link WorkerContext#publish}. */
public abstract class PartialContract extends ContractTest {

  /** Where items have to get somewhere within it, on a busy machine. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  /** For subclasses. */
  protected PartialContract() {}

  @Test
  void anItemThatIsTimedOutHasItsLastPart() throws Exception {
    FileLatch never = latch("never");
    Pool limited = pool(1).with(TaskOptions.defaults().timeout(AMPLE).chunkSize(4));
    List<Outcome<List<String>>> outcomes =
        limited.mapAsync(x -> pages(x, never), List.of(0, 1, 2, 3)).outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true, true);
    assertThat(outcomes.get(1).partial()).contains(List.of("page 0", "page 1", "page 2"));
    assertThat(outcomes.get(0).partial()).as("of a success").isEmpty();
  }

  private static List<String> pages(int item, FileLatch never) throws Exception {
    List<String> pages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pages.add("page " + i);
      WorkerContext.current().publish(pages);
    }
    if (item == 1) {
      never.await();
    }
    return pages;
  }

  @Test
  void anItemThatFailsHasItsLastPartAndNoOthers() throws Exception {
    List<Outcome<String>> outcomes =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(4))
            .mapAsync(
                (Integer x) -> {
                  if (x != 2) {
                    WorkerContext.current().publish("part of " + x);
                  }
                  if (x > 0) {
                    throw new IllegalStateException("of " + x);
                  }
                  return "whole";
                },
                List.of(0, 1, 2, 3))
            .outcomes();
    assertThat(outcomes)
        .extracting(Outcome::partial)
        .containsExactly(
            Optional.empty(), Optional.of("part of 1"), Optional.empty(), Optional.of("part of 3"));
  }

  @Test
  void anItemThatIsCancelledHasItsLastPart() throws Exception {
    FileLatch published = latch("published");
    FileLatch never = latch("never");
    MapResult<String> result =
        pool(1)
            .mapAsync(
                (Integer x) -> {
                  WorkerContext.current().publish("half");
                  published.countDown();
                  never.await();
                  return "whole";
                },
                List.of(0, 1));
    published.await();
    result.cancel(true);
    List<Outcome<String>> outcomes = result.outcomes(BOUND);
    assertThat(outcomes).allMatch(outcome -> outcome instanceof Outcome.Cancelled);
    assertThat(outcomes)
        .extracting(Outcome::partial)
        .containsExactly(Optional.of("half"), Optional.empty());
  }

  @Test
  void anItemThatIsLostWithItsWorkerHasItsLastPart() throws Exception {
    Assumptions.assumeTrue(backend().isolatesProcesses());
    List<Outcome<byte[]>> outcomes =
        pool(1)
            .mapAsync(
                (Integer x) -> {
                  byte[] part = new byte[x];
                  part[x - 1] = 7;
                  WorkerContext.current().publish(part);
                  Runtime.getRuntime().halt(1);
                  return part;
                },
                List.of(1, 5_000_000))
            .outcomes();
    for (int i = 0; i < 2; i++) {
      assertThat(outcomes.get(i)).isInstanceOf(Outcome.WorkerLost.class);
      byte[] part = outcomes.get(i).partial().orElseThrow();
      assertThat(part).hasSize(i == 0 ? 1 : 5_000_000).endsWith(7);
    }
  }

  @Test
  void whatATaskReturnsAfterItsLimitIsAPart() throws Exception {
    Assumptions.assumeTrue(backend().letsItemsEnd());
    FileLatch never = latch("never");
    Outcome<String> outcome =
        pool(1)
            .with(TaskOptions.defaults().timeout(AMPLE))
            .mapAsync(
                (Integer x) -> {
                  WorkerContext.current().publish("published before");
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    return "as far as I came";
                  }
                  return "whole";
                },
                List.of(0))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcome.partial()).contains("as far as I came");
  }

  @Test
  void aTaskThatReturnsNullAfterItsLimitKeepsWhatItHasPublished() throws Exception {
    FileLatch never = latch("never");
    Outcome<String> outcome =
        pool(1)
            .with(TaskOptions.defaults().timeout(AMPLE))
            .mapAsync(
                (Integer x) -> {
                  WorkerContext.current().publish("half");
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    // gives up
                  }
                  return Nothing.<String>nothing();
                },
                List.of(0))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcome.partial()).contains("half");
  }

  @Test
  void anotherAttemptGoesOnFromWhatCameAfterTheLimit() throws Exception {
    Assumptions.assumeTrue(backend().letsItemsEnd());
    FileLatch never = latch("never");
    String result =
        pool(1)
            .with(TaskOptions.defaults().timeout(AMPLE).retry(RetryPolicy.attempts(2).onTimeout()))
            .map(
                (Integer x) -> {
                  WorkerContext context = WorkerContext.current();
                  if (context.attempt() == 2) {
                    return context.published().orElse("nothing") + ", then the rest";
                  }
                  context.publish("published");
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    return "returned late";
                  }
                  return "whole";
                },
                List.of(0))
            .get(0);
    assertThat(result).isEqualTo("returned late, then the rest");
  }

  @Test
  void whatIsPublishedAfterTheLimitIsAPart() throws Exception {
    Assumptions.assumeTrue(backend().letsItemsEnd());
    FileLatch never = latch("never");
    Outcome<Object> outcome =
        pool(1)
            .with(TaskOptions.defaults().timeout(AMPLE))
            .mapAsync(
                (Integer x) -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    WorkerContext.current().publish("late");
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                  }
                  throw new IllegalStateException("not this");
                },
                List.of(0))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcome.partial()).contains("late");
  }

  @Test
  void anotherAttemptGoesOnFromThere() throws Exception {
    Pool pool = pool(1).with(TaskOptions.defaults().retry(RetryPolicy.attempts(3)));
    List<Outcome<Integer>> outcomes =
        pool.mapAsync(PartialContract::countOn, List.of(3, 5)).outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).as("in three attempts").isEqualTo(3);
    assertThat(outcomes.get(0).attempts()).isEqualTo(3);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes.get(1).partial()).as("of five").contains(3);
  }

  /** Gets one further in each attempt. */
  private static int countOn(int goal) {
    WorkerContext context = WorkerContext.current();
    int next = (Integer) context.published().orElse(0) + 1;
    if (context.attempt() == 1) {
      assertThat(context.published()).isEmpty();
    }
    context.publish(next);
    if (next < goal) {
      throw new IllegalStateException("only " + next);
    }
    return next;
  }

  @Test
  void anAttemptThatPublishesNothingKeepsThePartOfAnEarlierOne() throws Exception {
    Outcome<Object> outcome =
        pool(1)
            .with(TaskOptions.defaults().retry(RetryPolicy.attempts(3)))
            .mapAsync(
                (Integer x) -> {
                  WorkerContext context = WorkerContext.current();
                  if (context.attempt() == 1) {
                    context.publish("of the first attempt");
                  } else {
                    assertThat(context.published()).contains("of the first attempt");
                  }
                  throw new IllegalStateException("in attempt " + context.attempt());
                },
                List.of(0))
            .outcomes()
            .get(0);
    assertThat(outcome.attempts()).isEqualTo(3);
    assertThat(outcome.failure().orElseThrow()).hasMessage("in attempt 3");
    assertThat(outcome.partial()).contains("of the first attempt");
  }

  @Test
  void aPartThatCannotCrossIsRefusedAndTheOneBeforeStays() throws Exception {
    Assumptions.assumeTrue(backend().serializes());
    Outcome<Object> outcome =
        pool(1)
            .mapAsync(
                (Integer x) -> {
                  WorkerContext context = WorkerContext.current();
                  context.publish("good");
                  assertThatExceptionOfType(TaskSerializationException.class)
                      .isThrownBy(() -> context.publish(new Object()))
                      .withMessageStartingWith("the part can't be serialized: java.lang.Object");
                  throw new IllegalStateException("then this");
                },
                List.of(0))
            .outcomes()
            .get(0);
    assertThat(outcome.failure().orElseThrow()).hasMessage("then this");
    assertThat(outcome.partial()).contains("good");
  }

  @Test
  void onlyTheTasksOwnThreadMayPublish() throws Exception {
    pool(1)
        .apply(
            () -> {
              WorkerContext context = WorkerContext.current();
              assertThatNullPointerException().isThrownBy(() -> context.publish(nothing()));
              Thread other =
                  new Thread(
                      () ->
                          assertThatIllegalStateException()
                              .isThrownBy(() -> context.publish("x"))
                              .withMessage(
                                  "publish() was called by thread other: only the thread that runs"
                                      + " the task may"),
                      "other");
              Throwable[] failure = new Throwable[1];
              other.setUncaughtExceptionHandler((thread, error) -> failure[0] = error);
              other.start();
              other.join();
              assertThat(failure[0]).isNull();
              return 0;
            });
  }

  @Test
  void aStreamOfOutcomesHasThem() throws Exception {
    try (ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  for (int i = 0; i < 1_000; i++) {
                    WorkerContext.current().publish(i);
                  }
                  if (x == 1) {
                    throw new IllegalStateException("of 1");
                  }
                  return x;
                },
                List.of(0, 1, 2))) {
      assertThat(results.nextOutcome().partial()).isEmpty();
      assertThat(results.nextOutcome().partial()).contains(999);
      assertThat(results.nextOutcome().partial()).isEmpty();
    }
  }
}
