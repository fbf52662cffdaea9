package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.PoolBrokenException;
import dev.procpool.PoolStats;
import dev.procpool.WorkerEnd;
import dev.procpool.channel.Channel;
import dev.procpool.codec.Codec;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.local.launch.Launcher.Launched;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.SettingsFixture;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the fleet tells its owner, and others, where a real pool seldom comes. */
@Timeout(120)
class FleetTest {

  private final List<Long> violators = new ArrayList<>();
  private final List<PoolBrokenException> failures = new ArrayList<>();

  @Test
  void thatAWorkerBreaksWhatWasAgreedIsToldAtOnceAndWhoeverHearsItHasItKilled() throws IOException {
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
              new Few());
      Worker worker = new Worker(3, 0, "", false, 1);
      worker.state(State.READY);
      fleet.trust().shutOff(worker, new IOException("nonsense"));
      assertThat(violators).containsExactly(3L);
      assertThat(worker.violation()).contains("the channel of worker 0 broke", "nonsense");
      fleet.kill(worker, new Kill(Kill.Reason.BROKEN_CHANNEL));
      fleet.kill(worker, new Kill(Kill.Reason.FROZEN));
      assertThat(worker.isAlive()).isFalse();
      assertThat(worker.killReason()).as("the first").isEqualTo(Kill.Reason.BROKEN_CHANNEL);
    } finally {
      directory.delete();
    }
  }

  /** Its end may be one too many: then the pool is broken, and no successor was started in vain. */
  @Test
  void theSuccessorOfOneThatAskedForItAndDidNothingWaitsForItsEnd() throws IOException {
    try (FleetFixture parts = new FleetFixture()) {
      Fleet fleet = parts.fleet(new Few());
      Worker idle = FleetFixture.ready(fleet);
      idle.wantsToBeReplaced();
      fleet.stop(idle);
      fleet.grow(1);
      assertThat(fleet.workers()).containsExactly(idle);
      idle.finished(1, 0); // what it did was heard of late
      fleet.grow(1);
      assertThat(fleet.workers()).hasSize(2);
    }
  }

  @Test
  void thatThereIsNoThreadForAStartIsToldLater() throws IOException {
    PoolDirectory directory = PoolDirectory.create();
    Engine engine = new Engine(0);
    try {
      Fleet fleet =
          new Fleet(
              settings(),
              directory,
              engine,
              (worker, number, sharers, mark, memory) -> {
                throw new AssertionError("there is no thread for this");
              },
              start -> {
                throw new OutOfMemoryError("unable to create native thread");
              },
              new Codec(null, 1024),
              new Few());
      fleet.grow(1);
      assertThat(failures).as("while the fleet's owner is being made").isEmpty();
      assertThat(fleet.workers()).hasSize(1);
      engine.abandon(); // does what was posted
      assertThat(fleet.workers()).isEmpty();
      assertThat(failures).singleElement().extracting(Throwable::getCause).isNotNull();
    } finally {
      directory.delete();
    }
  }

  /** Its process is there, and then something fails before it knows how to connect. */
  @Test
  void aStartThatFailsLateIsToldAsAnEndAndLeavesNoConnection() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/cat")), "there is no cat");
    PoolSettings settings = settings();
    PoolDirectory directory = PoolDirectory.create();
    Engine engine = new Engine(0);
    ExecutorService threads = Executors.newCachedThreadPool();
    CountDownLatch asked = new CountDownLatch(1);
    Process process = new ProcessBuilder("/bin/cat").start();
    try (ServerSocketChannel listening = directory.listen();
        Selector selector = Selector.open();
        ServerSocketChannel server =
            ServerSocketChannel.open().bind(new InetSocketAddress("localhost", 0));
        SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
      Fleet fleet =
          new Fleet(
              settings,
              directory,
              engine,
              (worker, number, sharers, mark, memory) ->
                  new Launched(new Deaf(process, asked), false),
              threads,
              new Codec(null, 1024),
              new Few());
      fleet.grow(1);
      Worker worker = fleet.workers().iterator().next();
      worker.line().channel(new Channel(socket, selector, this, 1024)); // it has said hello
      assertThat(listening.isOpen()).isTrue();
      assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      engine.abandon(); // does what was posted

      assertThat(fleet.workers()).isEmpty();
      assertThat(process.isAlive()).isFalse();
      assertThat(socket.isOpen()).isFalse();
      PoolStats.Totals totals = settings.insight().observation().totals(0, 0);
      assertThat(totals.workerStarts()).isEqualTo(1);
      assertThat(totals.workerEnds().get(WorkerEnd.START_FAILED)).isEqualTo(1);
    } finally {
      process.destroyForcibly().waitFor();
      threads.shutdownNow();
      directory.delete();
    }
  }

  /** Takes the first words, and then no more. */
  private static final class Deaf extends Process {
    private final Process real;
    private final CountDownLatch askedAgain;
    private boolean wasAsked;

    Deaf(Process real, CountDownLatch askedAgain) {
      this.real = real;
      this.askedAgain = askedAgain;
    }

    @Override
    public OutputStream getOutputStream() {
      if (wasAsked) {
        askedAgain.countDown();
        throw new OutOfMemoryError("injected");
      }
      wasAsked = true;
      return real.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return real.getInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return real.getErrorStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
      return real.waitFor();
    }

    @Override
    public int exitValue() {
      return real.exitValue();
    }

    @Override
    public void destroy() {
      real.destroy();
    }

    @Override
    public Process destroyForcibly() {
      real.destroyForcibly();
      return this;
    }

    @Override
    public ProcessHandle toHandle() {
      return real.toHandle();
    }

    @Override
    public long pid() {
      return real.pid();
    }
  }

  private static PoolSettings settings() {
    return SettingsFixture.settings();
  }

  /** Hears of violations and the end of the pool. */
  private final class Few extends FleetFixture.HearsNothing {

    @Override
    public void violated(Worker worker) {
      violators.add(worker.id());
    }

    @Override
    public void broken(PoolBrokenException failure) {
      failures.add(failure);
    }
  }
}
