package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
