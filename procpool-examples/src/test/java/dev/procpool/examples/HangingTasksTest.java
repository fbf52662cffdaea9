package dev.procpool.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The program with two hanging tasks gives the other eighteen results and names the two. */
@Isolated("the program waits two seconds and no longer, so nothing else may keep the machine busy")
class HangingTasksTest {

  private static final int RUNS = 8;

  @TempDir Path folder;

  /** A busy machine may miss the two seconds some times, a pool that lets items wait always. */
  @Test
  void theOthersAreThereAndTheTwoAreNamed() throws Exception {
    List<String> expected = new ArrayList<>(ProgramsTest.results(IntStream.range(0, 20)));
    expected.set(7, "Task 7 hangs");
    expected.set(13, "Task 13 hangs");
    ProgramRun run = ProgramRun.of(HangingTasks.class, folder);
    for (int runs = 1; runs < RUNS && !run.others().equals(expected); runs++) {
      run = ProgramRun.of(HangingTasks.class, folder);
    }
    run.printed(IntStream.range(0, 20), expected);
  }
}
