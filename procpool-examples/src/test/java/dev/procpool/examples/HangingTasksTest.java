package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The program with two hanging tasks gives the other eighteen results and names the two. */
@Isolated("the program waits five seconds and no longer, so nothing else may keep the machine busy")
class HangingTasksTest {

  private static final int RUNS = 4;

  @TempDir Path folder;

  /** A busy machine may miss the five seconds some times, a pool that lets items wait always. */
  @Test
  void theOthersAreThereAndTheTwoAreNamed() throws Exception {
    List<String> expected = new ArrayList<>(ProgramsTest.results(IntStream.range(0, 20)));
    expected.set(7, "Task 7 hangs");
    expected.set(13, "Task 13 hangs");
    ProgramRun run = ProgramRun.of(HangingTasks.class, folder);
    for (int runs = 1; runs < RUNS && !run.others().equals(expected); runs++) {
      run = ProgramRun.of(HangingTasks.class, folder);
    }
    assertThat(run.others()).as(machine()).isEqualTo(expected);
    run.printed(IntStream.range(0, 20), expected);
  }

  /** What tells a busy machine from a pool that lets items wait. */
  private static String machine() {
    return "load %s; most processor time: %s"
        .formatted(
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            ProcessHandle.allProcesses()
                .sorted(Comparator.comparing(HangingTasksTest::processorTime).reversed())
                .limit(5)
                .map(process -> processorTime(process) + " " + command(process))
                .collect(Collectors.joining("\n  ", "\n  ", "")));
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String command(ProcessHandle process) {
    String line = process.info().commandLine().orElse("process " + process.pid());
    return line.substring(0, Math.min(line.length(), 200));
  }
}
