package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.WorkerExit;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where others may write, they put what looks like a worker's crash file. */
class PlantedCrashFileTest extends ProcessPoolTest {

  @TempDir Path place;

  private static Path planted(long pid) {
    return Path.of(System.getProperty("java.io.tmpdir"), "hs_err_pid" + pid + ".log");
  }

  private interface Planting {
    void plant(Path file) throws IOException;
  }

  private WorkerExit exit(boolean crashes, Planting planting) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(line -> {})
                .jvmOptions(List.of("-XX:-CreateCoredumpOnCrash")));
    FileLog pid = log("pid");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.mapAsync(
            i -> {
              pid.add(ProcessHandle.current().pid());
              release.await();
              if (crashes) {
                signal("SEGV", ProcessHandle.current().pid());
                Thread.sleep(600_000);
              }
              System.exit(42);
              return i;
            },
            List.of(1));
    Eventually.until("the task runs", () -> pid.size() == 1);
    planting.plant(planted(Long.parseLong(pid.lines().get(0))));
    release.countDown();
    return ((Outcome.WorkerLost<Integer>) result.outcomes().get(0)).exit();
  }

  @Test
  void anExitIsNoCrash() throws Exception {
    WorkerExit exit = exit(false, file -> Files.writeString(file, "#  SIGSEGV (0xb) at pc=0x1\n"));
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.EXITED);
    assertThat(exit.exitCode()).hasValue(42);
    assertThat(exit.crashFile()).isEmpty();
  }

  @Test
  void aCrashOverwritesNothing() throws Exception {
    Path victim = Files.writeString(place.resolve("victim"), "precious");
    WorkerExit exit = exit(true, file -> Files.createSymbolicLink(file, victim));
    assertThat(victim).hasContent("precious");
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.NATIVE_CRASH);
    assertThat(exit.signal()).contains("SIGSEGV");
    assertThat(exit.crashFile().orElseThrow())
        .isRegularFile()
        .hasParent(Path.of(System.getProperty("java.io.tmpdir")));
  }
}
