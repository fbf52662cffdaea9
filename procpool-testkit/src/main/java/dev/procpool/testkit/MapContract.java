package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Section 1 of the contract: {@code map} and {@code forEach}, one argument an item; order, chunks
 * and what a failure does to the other items.
 */
public abstract class MapContract extends ContractTest {

  /** For subclasses. */
  protected MapContract() {}

  @Test
  void mapGivesAllResultsInTheOrderOfTheItems() throws Exception {
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();
    assertThat(pool(2).map(x -> 2 * x, items)).isEqualTo(items.stream().map(x -> 2 * x).toList());
  }

  @Test
  void mapAsyncGivesAllResultsInTheOrderOfTheItems() throws Exception {
    MapResult<String> result = pool(2).mapAsync(Arities::one, List.of(1, 2, 3));
    assertThat(result.get()).containsExactly("one 1", "one 2", "one 3");
  }

  @Test
  void mapAsyncReturnsBeforeTheTasksEnd() throws Exception {
    FileLatch release = latch("release");
    MapResult<Integer> result = pool(1).mapAsync(x -> whenOpen(release, x), List.of(1, 2));
    assertThat(result.isReady()).isFalse();
    release.countDown();
    assertThat(result.get()).containsExactly(1, 2);
  }

  @Test
  void resultsKeepTheOrderOfTheItemsWhenLaterItemsEndFirst() throws Exception {
    FileLatch last = latch("last");
    List<Integer> results =
        pool(2)
            .map(
                x -> {
                  if (x == 0) {
                    last.await();
                  } else if (x == 9) {
                    last.countDown();
                  }
                  return x;
                },
                IntStream.range(0, 10).boxed().toList());
    assertThat(results).isEqualTo(IntStream.range(0, 10).boxed().toList());
  }

  @Test
  void noItemWaitsBehindASlowOneWhileAnotherWorkerIsIdle() throws Exception {
    FileLatch release = latch("release");
    FileLog done = log("done");
    int items = 40;
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  if (x == 3) {
                    release.await();
                  }
                  done.add(x);
                  return x;
                },
                IntStream.range(0, items).boxed().toList());
    Eventually.until(
        "all items but the slow one are done: " + done, () -> done.size() == items - 1);
    assertThat(result.isReady()).isFalse();
    release.countDown();
    assertThat(result.get()).hasSize(items);
  }

  @Test
  void mapTakesAnIterableOfUnknownSize() throws Exception {
    Iterable<Integer> unsized = () -> IntStream.range(0, 500).iterator();
    assertThat(pool(2).map(x -> x + 1, unsized)).hasSize(500).startsWith(1, 2).endsWith(500);
  }

  @Test
  void mapReadsTheSourceOnce() throws Exception {
    List<String> iterators = new ArrayList<>();
    Iterable<Integer> source =
        () -> {
          iterators.add("iterator");
          return List.of(1, 2).iterator();
        };
    assertThat(pool(2).map(x -> x, source)).containsExactly(1, 2);
    assertThat(iterators).hasSize(1);
  }

  @Test
  void nullItemsAndNullResultsAreValues() throws Exception {
    Pool pool = pool(2);
    List<Integer> items = Arrays.asList(1, null, 3);
    assertThat(pool.map(x -> x, items)).containsExactly(1, null, 3);
    assertThat(pool.map(String::valueOf, items)).containsExactly("1", "null", "3");
    assertThat(pool.<Integer, Object>map(x -> nothing(), List.of(1, 2)))
        .containsExactly(null, null);
  }

  @Test
  void everyItemRunsExactlyOnceWhateverTheChunkSize() throws Exception {
    Pool pool = pool(2);
    List<Integer> items = IntStream.range(0, 95).boxed().toList();
    for (int chunkSize : new int[] {1, 10, 95, 1000}) {
      FileLog runs = log("chunk-" + chunkSize);
      List<Integer> results =
          pool.with(TaskOptions.defaults().chunkSize(chunkSize))
              .map(
                  x -> {
                    runs.add(x);
                    return x;
                  },
                  items);
      assertThat(results).as("chunk size %s", chunkSize).isEqualTo(items);
      assertThat(runs.lines().stream().map(Integer::valueOf))
          .as("chunk size %s", chunkSize)
          .containsExactlyInAnyOrderElementsOf(items);
    }
  }

  @Test
  void oneFailureStopsNoOtherItemEvenInItsChunk() throws Exception {
    FileLog runs = log("runs");
    MapResult<Integer> result =
        pool(2)
            .with(TaskOptions.defaults().chunkSize(10))
            .mapAsync(
                x -> {
                  runs.add(x);
                  if (x == 5) {
                    throw new IllegalStateException("Something bad happened");
                  }
                  return x;
                },
                IntStream.range(0, 10).boxed().toList());
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isExactlyInstanceOf(IllegalStateException.class)
        .withMessage("Something bad happened");
    assertThat(runs.size()).isEqualTo(10);
    assertThat(result.outcomes().stream().filter(Outcome::isSuccess).map(Outcome::index))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L);
  }

  @Test
  void getFailsWithTheLowestNumberedFailureOnlyAfterAllItemsHaveEnded() throws Exception {
    FileLatch laterFailed = latch("later-failed");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool(2)
            .with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    laterFailed.await();
                    throw new IllegalStateException("item 1");
                  } else if (x == 2) {
                    laterFailed.countDown();
                    throw new IllegalStateException("item 2");
                  } else if (x == 3) {
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1, 2, 3));
    Eventually.until("three items are complete", () -> result.completed() == 3);
    assertThat(result.isReady()).as("ready although item 3 runs").isFalse();
    release.countDown();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .withMessage("item 1");
  }

  @Test
  void forEachRunsTheActionWithEachItemBeforeItReturns() throws Exception {
    FileLog seen = log("seen");
    pool(2).forEach(x -> seen.add(x), List.of(1, 2, 3));
    assertThat(seen.lines()).containsExactlyInAnyOrder("1", "2", "3");
  }

  @Test
  void forEachAsyncGivesNullsAndOutcomes() throws Exception {
    FileLog seen = log("seen");
    MapResult<Void> result = pool(2).forEachAsync(x -> seen.add(x), List.of(1, 2, 3));
    assertThat(result.get()).containsExactly(null, null, null);
    assertThat(seen.lines()).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(result.outcomes()).allMatch(Outcome::isSuccess);
  }

  @Test
  void forEachFailsWithTheActionsException() {
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(
            () ->
                pool.forEach(
                    x -> {
                      throw new IOException("item " + x);
                    },
                    List.of(1, 2)))
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("item 1");
  }

  private static Integer whenOpen(FileLatch latch, Integer value) throws Exception {
    latch.await();
    return value;
  }
}
