package dev.procpool.local.fleet;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RunPage;
import dev.procpool.codec.Codec;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.SettingsFixture;
import dev.procpool.protocol.ItemRef;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fleet without processes, for tests of single parts: its workers are as far as the test says.
 */
public final class FleetFixture implements AutoCloseable {

  /** Nobody is told; a broken pool fails the test. */
  public static class HearsNothing implements Fleet.Listener {

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
    public void violated(Worker worker) {}

    @Override
    public void broken(PoolBrokenException failure) {
      throw failure;
    }
  }

  private static final int MOST = 1000;

  public final PoolSettings settings = SettingsFixture.settings();
  public final PoolDirectory directory = PoolDirectory.create();
  public final Engine engine = new Engine(0);
  public final Codec codec = new Codec(null, 1 << 20);
  private final MemoryFiles memory = new MemoryFiles(directory);

  public FleetFixture() throws IOException {}

  /** A fleet whose starts never come to anything. */
  public Fleet fleet(Fleet.Listener listener) {
    return new Fleet(
        settings,
        directory,
        engine,
        (worker, number, sharers, mark, shared) -> {
          throw new IOException("starts nothing");
        },
        start -> {},
        codec,
        listener);
  }

  /** Adds a worker that is ready, beside those there are. */
  public static Worker ready(Fleet fleet) {
    fleet.resize(MOST);
    fleet.grow(fleet.workers().size() + 1);
    Worker last = null;
    for (Worker worker : fleet.workers()) {
      last = worker;
    }
    Objects.requireNonNull(last).state(Worker.State.READY);
    return last;
  }

  /** Gives a worker its memory: the page in which it says what it runs. */
  public RunPage page(Worker worker) throws IOException {
    MemoryFiles.Named shared = memory.create(worker.id());
    shared.unlink();
    worker.line().memory(shared);
    return Objects.requireNonNull(worker.line().page());
  }

  @Override
  public void close() {
    directory.delete();
  }
}
