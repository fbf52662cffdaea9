package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the guide's later pages end well and print what the pages show, each line. */
@Execution(ExecutionMode.CONCURRENT)
class GuideProgramsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      classes = {
        EveryOutcome.class,
        TriedAgain.class,
        EndlessSource.class,
        StreamFailures.class,
        ManySources.class,
        OwnVariables.class,
        LimitByItem.class,
        WorkerState.class,
        SharedTable.class,
        FreshProcess.class,
        SpareWorker.class,
        StaticField.class,
        LargerItems.class,
        Captures.class,
        FilteredResults.class,
        Service.class,
        Urgent.class,
        LongItems.class,
        RequestContext.class,
        Observed.class,
        SeeItRun.class,
        FromExecutor.class,
        FromDask.class,
        ThreadWorker.class
      })
  void theProgramPrintsWhatItsPageShows(Class<?> program) throws Exception {
    ProgramRun run = ProgramRun.of(program, folder);
    assertThat(run.err()).as("standard error").isEmpty();
    assertThat(run.exitCode()).as("exit code").isZero();
    assertThat(GuideOutput.checkOrUpdate(run)).as("pages that show it").isPositive();
  }
}
