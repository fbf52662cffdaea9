package dev.procpool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rings between two real processes: frames of all sizes both ways at once, and peers killed
 * with SIGKILL.
 *
 * <p>{@code -Dtorture.seed=N} repeats a plan, {@code -Dtorture.frames=N} makes a longer run.
 */
@Timeout(120)
class RingTortureTest {

  private static final int FRAMES = Integer.getInteger("torture.frames", 2_000);
  private static final long MICROS = 1_000;
  private static final long QUEUE_BYTES = 1024 * 1024;

  @TempDir Path directory;

  private static long seed() {
    return Long.getLong("torture.seed", System.nanoTime() >>> 8 & 0xffffff);
  }

  /** How long the worker spins before it sleeps, and how long the pool does. */
  @ParameterizedTest
  @CsvSource({"0, 0", "50, 0", "0, 50", "50, 50"})
  void everyFrameArrivesWholeAndInOrder(long workerMicros, long poolMicros) throws Exception {
    long seed = seed();
    try (TortureLine line =
        new TortureLine(directory, "echo", seed, workerMicros * MICROS, FRAMES)) {
      Load load =
          new Load(
              line, seed, TortureFrames.ALL, FRAMES, WaitStrategy.yielding(poolMicros * MICROS));

      load.run();

      assertThat(load.fullTaskRings).as("full task rings, seed %d", seed).isPositive();
      assertThat(load.fullResultRings).as("full result rings, seed %d", seed).isPositive();
      assertThat(load.sleeps).as("empty result rings, seed %d", seed).isPositive();
    }
  }

  /** Frames that end where pieces do, across the end of the ring, while the other side copies. */
  @Test
  void everyFrameOfManyPiecesArrivesWhole() throws Exception {
    long seed = seed();
    int frames = FRAMES / 8;
    try (TortureLine line = new TortureLine(directory, "echo-pieces", seed, 50 * MICROS, frames)) {
      Load load =
          new Load(line, seed, TortureFrames.PIECES, frames, WaitStrategy.yielding(50 * MICROS));

      load.run();

      assertThat(load.received).as("seed %d", seed).isEqualTo(frames);
    }
  }

  /** The pool's side of the echo. */
  private static final class Load {

    private static final byte[] NO_HEAD = new byte[0];

    private final TortureLine line;
    private final int count;
    private final TortureFrames out;
    private final TortureFrames in;
    private final WaitStrategy strategy;
    private final SplittableRandom pauses;
    private int sent;
    private int received;
    private boolean isDone;

    int fullTaskRings;
    int fullResultRings;
    int sleeps;

    Load(TortureLine line, long seed, int kinds, int count, WaitStrategy strategy) {
      this.line = line;
      this.count = count;
      this.out = new TortureFrames(seed, kinds);
      this.in = new TortureFrames(-seed, kinds);
      this.strategy = strategy;
      this.pauses = new SplittableRandom(seed + 2);
    }

    void run() throws IOException {
      while (!isDone) {
        send();
        line.rings.flush(true);
        fullTaskRings += line.rings.queuedBytes() > 0 ? 1 : 0;
        if (!receive() && !strategy.spin(line.rings::isReady)) {
          if (line.rings.sleep()) {
            sleeps++;
            line.await();
            line.checkPeer();
          }
          line.rings.awake();
        }
      }
    }

    /** Sometimes one frame, sometimes many. */
    private void send() {
      int batch = pauses.nextInt(8) == 0 ? 40 : 1;
      while (batch-- > 0 && sent < count && line.rings.queuedBytes() < QUEUE_BYTES) {
        byte[] frame = out.frame(sent);
        line.rings.send(
            TortureFrames.type(sent),
            NO_HEAD,
            0,
            frame,
            Frame.HEADER_BYTES,
            frame.length - Frame.HEADER_BYTES);
        sent++;
      }
    }

    private boolean receive() throws IOException {
      if (pauses.nextInt(64) == 0) {
        LockSupport.parkNanos(pauses.nextInt(300_000)); // the worker gets ahead
      }
      if (!line.rings.receive()) {
        return false;
      }
      FrameReader frames = line.rings.frames();
      while (frames.next()) {
        if (received == count) {
          fullResultRings = ByteBuffer.wrap(frames.copy(0)).getInt();
          isDone = true;
        } else {
          in.check(received, frames);
          received++;
        }
      }
      return true;
    }
  }

  @Test
  void whatAKilledWriterPublishedIsReadWholeAndNothingElse() throws Exception {
    int[] whole = {0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2};
    long seed = seed();
    boolean more = true;
    int step = 0;
    for (; more; step++) {
      Path place = Files.createDirectory(directory.resolve("w" + step));
      try (TortureLine line = new TortureLine(place, "write-steps", seed, 0, step)) {
        more = line.awaitSteps();
        line.kill();

        TortureFrames small = new TortureFrames(-seed, TortureFrames.SMALL);
        assertThat(drain(line, small, 0))
            .as("frames after step %d, seed %d", step, seed)
            .isEqualTo(whole[step]);
      }
    }
    assertThat(step).isEqualTo(whole.length);
  }

  /** Reads all there is, checks it, and tells how many frames there are now. */
  private static int drain(TortureLine line, TortureFrames expected, int before)
      throws IOException {
    int count = before;
    while (line.rings.receive()) {
      while (line.rings.frames().next()) {
        expected.check(count, line.rings.frames());
        count++;
      }
    }
    return count;
  }

  /**
   * How many frames are read before the writer is killed; at 0 it sleeps since the ring is full.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30, 400, 1500})
  void aWriterKilledAtAnyMomentLosesAtMostTheFrameThatItWasWriting(int count) throws Exception {
    long seed = seed();
    try (TortureLine line = new TortureLine(directory, "stream", seed, 20 * MICROS, 0)) {
      TortureFrames expected = new TortureFrames(-seed, TortureFrames.ALL);
      int read = 0;
      if (count == 0) {
        line.awaitFullRing();
      }
      while (read < count) {
        read = drain(line, expected, read);
        if (line.rings.sleep() && read < count) {
          line.await();
          line.checkPeer();
        }
        line.rings.awake();
      }

      line.kill();
      read = drain(line, expected, read);

      long published = line.memory.page().heartbeat();
      long running = line.memory.page().running();
      assertThat((long) read).as("seed %d", seed).isBetween(published, published + 1);
      if (running != 0) {
        assertThat((long) read).as("seed %d", seed).isBetween(running - 1, running);
      }
    }
  }

  @Test
  void aKilledReaderLeavesTheWriterWithAKnownEnd() throws Exception {
    long seed = seed();
    boolean more = true;
    for (int step = 0; more; step++) {
      Path place = Files.createDirectory(directory.resolve("r" + step));
      try (TortureLine line = new TortureLine(place, "read-steps", seed, 0, step)) {
        byte[] large = new byte[3 * MemoryLayout.RING_BYTES];
        line.rings.send(1, large, 0, large, 0, large.length);
        line.rings.flush(true);
        more = line.awaitSteps();
        line.kill();

        while (!line.isEnded()) {
          line.rings.flush(true);
          line.rings.sleep();
          line.await();
        }

        line.rings.flush(true); // harmless
        assertThat(line.rings.queuedBytes()).as("what was never read").isPositive();
      }
    }
  }

  @Test
  void aWriterThatWaitsForRoomEndsWithItsReader() throws Exception {
    try (TortureLine line = new TortureLine(directory, "stream", seed(), 0, 0)) {
      line.awaitFullRing();

      line.hangUp();

      assertThat(line.peer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(line.peer.exitValue()).as(line.errors()).isEqualTo(TorturePeer.READER_GONE);
    }
  }
}
