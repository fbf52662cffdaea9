package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.FrameReader;
import dev.procpool.codec.Codec;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Worker.KillReason;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.SettingsFixture;
import dev.procpool.protocol.ItemRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the fleet tells its owner when it kills. */
class FleetTest {

  private final List<Long> killed = new ArrayList<>();

  @Test
  void whoIsKilledGetsNothingMoreFromThenOnNotOnlyWhenItIsGone() throws IOException {
    PoolDirectory directory = PoolDirectory.create();
    try {
      Fleet fleet =
          new Fleet(
              settings(),
              directory,
              new Engine(0),
              (worker, number, sharers, mark, memory) -> {
                throw new IOException("starts nothing");
              },
              Runnable::run,
              new Codec(null, 1024),
              new KillsOnly());
      Worker worker = new Worker(3, 0, "", false, 1);
      worker.state(State.READY);
      fleet.kill(worker, KillReason.FROZEN);
      assertThat(killed).containsExactly(3L);
      assertThat(worker.isAlive()).isFalse();
    } finally {
      directory.delete();
    }
  }

  private static PoolSettings settings() {
    return SettingsFixture.settings();
  }

  /** Hears nothing but that. */
  private final class KillsOnly implements Fleet.Listener {

    @Override
    public void ready(Worker worker) {}

    @Override
    public void frame(Worker worker, FrameReader frame) {}

    @Override
    public void results(Worker worker, FrameReader frames) {}

    @Override
    public @Nullable WorkerExit gone(Worker worker, ExitReport report, @Nullable ItemRef last) {
      return null;
    }

    @Override
    public void withoutMemory(Worker worker) {}

    @Override
    public void killing(Worker worker) {
      killed.add(worker.id());
    }

    @Override
    public void broken(PoolBrokenException failure) {}
  }
}
