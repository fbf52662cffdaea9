package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.spi.SandboxCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Options of workers cross to another machine as data. */
class LifeSetupTest {

  private static final class Builder extends LifeOptions<Builder> {
    @Override
    protected Builder self() {
      return this;
    }
  }

  private static final SandboxCommand.Start START =
      new SandboxCommand.Start(
          Path.of("/a"), Path.of("/b"), Path.of("/c"), List.of(Path.of("/d")), Path.of("/e"));

  private static LifeSetup crossed(Builder builder, int worker) {
    return LifeSetup.decode(builder.encodeFor(worker));
  }

  @Test
  void allThatWasSaidArrives() {
    Builder builder =
        new Builder()
            .jvmOptions("-Xmx64m")
            .jvmOptions(worker -> List.of("-Dslot=" + worker))
            .inheritJvmOptions(false)
            .inheritClassPath(false)
            .classPath(Path.of("a.jar"), Path.of("b"))
            .javaHome(Path.of("/java"))
            .inheritEnvironment(false)
            .environment("A", "1")
            .environment(worker -> Map.of("B", "" + worker))
            .workingDirectory(Path.of("/app"))
            .workerTemp(Path.of("/temp"))
            .keepChildren(true)
            .archiveClasses(true)
            .maxTasksPerWorker(3)
            .maxWorkerMemory(4)
            .restartIntensity(5, Duration.ofSeconds(6))
            .gracePeriod(Duration.ofSeconds(7))
            .freezeLimit(Duration.ofSeconds(8))
            .startLimit(Duration.ofSeconds(9))
            .spinWait(Duration.ofMillis(10));

    LifeSetup setup = crossed(builder, 2);

    assertThat(setup.worker())
        .isEqualTo(
            new WorkerSetup(
                List.of("-Xmx64m", "-Dslot=2"),
                false,
                false,
                List.of(Path.of("a.jar"), Path.of("b")),
                Path.of("/java"),
                false,
                Map.of("A", "1", "B", "2"),
                null,
                Path.of("/app"),
                Path.of("/temp"),
                true));
    assertThat(setup)
        .isEqualTo(
            new LifeSetup(
                setup.worker(),
                true,
                3,
                4,
                5,
                Duration.ofSeconds(6),
                Duration.ofSeconds(7),
                Duration.ofSeconds(8),
                builder.spin(),
                Duration.ofSeconds(9)));
    Builder other = new Builder();
    other.takeOver(setup);
    assertThat(crossed(other, 5)).isEqualTo(setup);
  }

  @Test
  void sandboxesOfProcpoolArrive() {
    Sandbox box = Sandbox.of("nice", "-5").around(Sandbox.prlimit().openFiles(100));
    Sandbox came = crossed(new Builder().sandbox(box), 0).worker().sandbox();
    assertThat(came).isNotNull();
    assertThat(came.command(START)).containsExactly("nice", "-5", "prlimit", "--nofile=100", "--");

    Bubblewrap hidden = Sandbox.bubblewrap().network().writable(Path.of("/x"));
    assertThat(crossed(new Builder().sandbox(hidden), 0).worker().sandbox())
        .usingRecursiveComparison()
        .isEqualTo(hidden);
  }
}
