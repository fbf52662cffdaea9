package dev.procpool.examples;

import static java.util.stream.IntStream.concat;
import static java.util.stream.IntStream.range;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each program of the guide, run on real worker processes, prints what the guide says. */
@Execution(ExecutionMode.CONCURRENT)
class ProgramsTest {

  @TempDir Path folder;

  @Test
  void starmapAsyncGivesTheResultsInOrder() throws Exception {
    ProgramRun.of(StarmapAsync.class, folder).printed(range(0, 10), results(range(0, 10)));
  }

  @Test
  void starForEachAsyncIsWaitedFor() throws Exception {
    ProgramRun.of(StarForEachAsync.class, folder)
        .printed(range(0, 10), List.of("All tasks are done"));
  }

  @Test
  void joinWaitsForBothCalls() throws Exception {
    ProgramRun.of(ShutdownAndJoin.class, folder)
        .printed(concat(range(0, 10), range(11, 20)), List.of("All workers are gone"));
  }

  @Test
  void theSuccessCallbackGetsAllValuesOnce() throws Exception {
    ProgramRun.of(SuccessCallback.class, folder)
        .printed(range(0, 10), List.of("Callback got values: " + values(range(0, 10))));
  }

  @Test
  void theFailureCallbackGetsTheErrorAndTheNineOthersRun() throws Exception {
    ProgramRun.of(FailureCallback.class, folder)
        .printed(
            range(0, 10),
            List.of("Callback got error: java.lang.Exception: Something bad happened"));
  }

  @Test
  void getMeetsTheFailureAndTheNineOthersRun() throws Exception {
    ProgramRun.of(FailureFromGet.class, folder)
        .printed(range(0, 10), List.of("Failed with: java.lang.Exception: Something bad happened"));
  }

  @Test
  void starmapWaitsForAllResults() throws Exception {
    ProgramRun.of(Starmap.class, folder).printed(range(0, 10), results(range(0, 10)));
  }

  @Test
  void chunksKeepTheOrder() throws Exception {
    ProgramRun.of(ChunkSize.class, folder).printed(range(0, 400), results(range(0, 400)));
  }

  static List<String> results(IntStream identifiers) {
    return values(identifiers).stream().map(value -> "Got result: " + value).toList();
  }

  private static List<String> values(IntStream identifiers) {
    return identifiers.mapToObj(i -> "Result[identifier=" + i + ", value=#]").toList();
  }
}
