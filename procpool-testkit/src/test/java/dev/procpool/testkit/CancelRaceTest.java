package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of a call starts once {@code cancel} has returned, also when the running item ends in
 * that very moment. Before {@code cancel} waited for the recall's answer, 9 of 60 runs failed.
 */
class CancelRaceTest {

  private static final int RUNS = 60;

  @TempDir Path folder;

  @Test
  void theNextItemOfTheChunkDoesNotStart() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      Pool chunked = pool.with(TaskOptions.defaults().chunkSize(3));
      for (int run = 0; run < RUNS; run++) {
        String path = Files.createDirectory(folder.resolve("run-" + run)).toString();
        MapResult<Integer> result =
            chunked.mapAsync(item -> runUntilReleased(path, item), List.of(0, 1, 2));
        spinUntilThere(Path.of(path, "started"));
        result.cancel(false);
        Files.createFile(Path.of(path, "release"));
        pool.apply(() -> 1);
        assertThat(Path.of(path, "ended-1")).as("run %d", run).doesNotExist();
        assertThat(Path.of(path, "ended-2")).as("run %d", run).doesNotExist();
      }
    }
  }

  /** Every item has one outcome, the same for whoever asks, whenever the cancel comes. */
  @Test
  void anItemHasOneOutcomeWhenTheCancelMeetsItsEnd() throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      pool.map(x -> x, List.of(1, 2));
      for (int run = 0; run < 4 * RUNS; run++) {
        Map<Long, Outcome<Integer>> seen = new ConcurrentHashMap<>();
        AtomicInteger reports = new AtomicInteger();
        MapResult<Integer> result =
            pool.with(TaskOptions.defaults().chunkSize(1 + run % 3))
                .mapAsync(item -> item, List.of(0, 1, 2, 3, 4, 5));
        result.onOutcome(
            outcome -> {
              seen.put(outcome.index(), outcome);
              reports.incrementAndGet();
            });
        while (result.completed() < run % 7) {
          Thread.onSpinWait();
        }
        boolean cancelled = result.cancel(run % 2 == 0);
        List<Outcome<Integer>> outcomes = result.outcomes();
        assertThat(result.isCancelled()).isEqualTo(cancelled);
        assertThat(outcomes).extracting(Outcome::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(outcomes)
            .allMatch(o -> o.isSuccess() || o instanceof Outcome.Cancelled, "run " + run);
        Eventually.until("each was reported", () -> reports.get() >= 6);
        assertThat(seen).hasSize(6);
        assertThat(outcomes).allMatch(o -> o.equals(seen.get(o.index())));
        assertThat(result.outcomes()).isEqualTo(outcomes);
        pool.map(x -> x, List.of(1, 2));
        assertThat(reports).hasValue(6);
      }
    }
  }

  private static int runUntilReleased(String path, int item) throws Exception {
    try {
      Files.createFile(Path.of(path, "started"));
    } catch (FileAlreadyExistsException e) {
      // an item that should not have started; the test will see its end
    }
    spinUntilThere(Path.of(path, "release"));
    Files.createFile(Path.of(path, "ended-" + item));
    return item;
  }

  /** Without a pause, so as to meet the moment. */
  private static void spinUntilThere(Path file) {
    while (!Files.exists(file)) {
      Thread.onSpinWait();
    }
  }
}
