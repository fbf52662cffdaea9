package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 2 of the contract: what a {@link MapResult} tells of each item. */
public abstract class OutcomeContract extends ContractTest {

  /** For subclasses. */
  protected OutcomeContract() {}

  @Test
  void outcomesNeverFailAndComeInTheOrderOfTheItems() throws Exception {
    List<Outcome<Integer>> outcomes =
        pool(2).mapAsync(OutcomeContract::oddOnly, List.of(1, 2, 3, 4)).outcomes();
    assertThat(outcomes).extracting(Outcome::index).containsExactly(0L, 1L, 2L, 3L);
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true, false);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Success.class);
    assertThat(outcomes.get(2).valueOrThrow()).isEqualTo(3);
    assertThat(outcomes.get(2).failure()).isEmpty();
    assertThat(outcomes.get(3)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes.get(3).failure().orElseThrow())
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("4 is even");
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> outcomes.get(3).valueOrThrow())
        .havingCause()
        .isExactlyInstanceOf(IOException.class);
  }

  @Test
  void eachOutcomeKnowsItsAttemptsDurationAndWorker() throws Exception {
    Pool pool = pool(2);
    FileLog pids = log("pids");
    List<Outcome<Integer>> outcomes =
        pool.mapAsync(
                x -> {
                  pids.add(x + " " + ProcessHandle.current().pid());
                  return oddOnly(x);
                },
                List.of(0, 1, 2, 3))
            .outcomes();
    List<String> hosts = pool.workers().stream().map(WorkerInfo::host).distinct().toList();
    for (Outcome<Integer> outcome : outcomes) {
      assertThat(outcome.host()).isNotEmpty().isIn(hosts);
      assertThat(outcome.attempts()).isEqualTo(1);
      assertThat(outcome.duration()).isPositive();
      assertThat(pids.lines()).contains(outcome.index() + " " + outcome.workerPid());
    }
  }

  @Test
  void outcomesWithALimitGiveWhatThereIsAndTheWorkGoesOn() throws Exception {
    FileLatch release = latch("release");
    int hanging = 7;
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  if (x == hanging) {
                    release.await();
                  }
                  return x;
                },
                IntStream.range(0, 20).boxed().toList());
    Eventually.until("the others are complete", () -> result.completed() == 19);
    List<Outcome<Integer>> outcomes = result.outcomes(Duration.ofMillis(20));
    assertThat(outcomes).hasSize(20);
    assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(19);
    Outcome<Integer> pending = outcomes.get(hanging);
    assertThat(pending).isEqualTo(new Outcome.Pending<Integer>(hanging));
    assertThatIllegalStateException().isThrownBy(pending::valueOrThrow);
    assertThat(result.outcomes(Duration.ZERO)).isEqualTo(outcomes);
    release.countDown();
    assertThat(result.outcomes()).hasSize(20).allMatch(Outcome::isSuccess);
    assertThat(result.outcomes(Duration.ZERO)).isEqualTo(result.outcomes());
  }

  @Test
  void completedAndTotalTellTheProgress() throws Exception {
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 2) {
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1, 2, 3));
    Eventually.until("two items are complete", () -> result.completed() == 2);
    assertThat(result.total()).hasValue(4);
    release.countDown();
    result.await();
    assertThat(result.completed()).isEqualTo(4);
    assertThat(result.total()).hasValue(4);
  }

  @Test
  void totalOfASourceOfUnknownSizeIsEmptyUntilItIsReadToItsEnd() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    MapResult<Integer> result =
        pool(1).mapAsync(x -> x, Sources.blockingAt(3, more, List.of(0, 1, 2, 3, 4)));
    Eventually.until("the items read are complete", () -> result.completed() == 3);
    assertThat(result.total()).isEmpty();
    assertThat(result.isReady()).isFalse();
    assertThat(result.outcomes(Duration.ZERO)).hasSize(3).allMatch(Outcome::isSuccess);
    more.countDown();
    assertThat(result.get()).containsExactly(0, 1, 2, 3, 4);
    assertThat(result.total()).hasValue(5);
  }

  @Test
  void aFailedItemCountsAsCompleted() throws Exception {
    MapResult<Integer> result = pool(1).mapAsync(OutcomeContract::oddOnly, List.of(2, 4));
    result.await();
    assertThat(result.completed()).isEqualTo(2);
    assertThat(result.isSuccessful()).isFalse();
  }

  private static int oddOnly(int x) throws IOException {
    if (x % 2 == 0) {
      throw new IOException(x + " is even");
    }
    return x;
  }
}
