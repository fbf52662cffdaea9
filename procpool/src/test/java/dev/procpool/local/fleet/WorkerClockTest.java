package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.process.ProcStat;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker's time, with a process that sleeps, or is stopped, and heartbeats that are told. */
class WorkerClockTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK = SECOND / 4;
  private static final long MOST = 30 * SECOND;

  private final WorkerClock clock = new WorkerClock(MOST);
  private Process process;
  private long now = 1;
  private long beat;

  @BeforeEach
  void begin() throws IOException {
    process = new ProcessBuilder("sleep", "60").start();
    assumeTrue(ProcStat.of("self") != null, "needs Linux's /proc");
  }

  @AfterEach
  void end() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Test
  void goesOnWithTheHeartbeat() {
    long begin = look();
    run(10 * SECOND, true);
    assertThat(clock.at(now) - begin).isEqualTo(10 * SECOND);
  }

  @Test
  void aSilenceWithoutProcessorTimeDoesNotCount() {
    run(SECOND, true);
    long begin = look();
    run(12 * SECOND, false);
    assertThat(clock.at(now) - begin).as("silent").isBetween(-SECOND, SECOND);
    run(SECOND, true);
    assertThat(clock.at(now) - begin).as("once it goes on").isBetween(0L, 2 * SECOND);
  }

  @Test
  void aSilenceThatLastsCounts() {
    run(SECOND, true);
    long begin = look();
    run(MOST + 2 * SECOND, false);
    assertThat(clock.at(now) - begin).isGreaterThanOrEqualTo(MOST);
  }

  @Test
  void whoShowsItselfNowAndThenGainsLittle() {
    run(SECOND, true);
    long begin = look();
    for (int i = 0; i < 10; i++) {
      run(MOST - SECOND, false);
      beat++;
    }
    assertThat(clock.at(now) - begin).isGreaterThanOrEqualTo(8 * (MOST - SECOND));
  }

  @Test
  void whatHasNoHeartbeatYetIsStoppedIfTheSystemSaysSo() throws Exception {
    long begin = look();
    run(5 * SECOND, false);
    assertThat(clock.at(now) - begin).as("it starts").isEqualTo(5 * SECOND);
    begin = clock.at(now);
    signal("STOP");
    run(5 * SECOND, false);
    assertThat(clock.at(now) - begin).as("stopped").isBetween(-SECOND, SECOND);
    signal("CONT");
    run(5 * SECOND, false);
    assertThat(clock.at(now) - begin).as("continued").isBetween(4 * SECOND, 6 * SECOND);
  }

  @Test
  void aSilenceWithProcessorTimeCounts() throws Exception {
    process.destroyForcibly().waitFor();
    process = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    run(SECOND, true);
    long begin = look();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (clock.at(now) - begin < now - begin - SECOND / 10 || now - begin < 2 * SECOND) {
      assertThat(System.nanoTime() - deadline).as("a busy process is found out").isNegative();
      now += LOOK / 10; // less than the credit, however long the system lets it wait
      look();
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private long look() {
    return clock.look(beat, process.pid(), now);
  }

  private void run(long nanos, boolean beats) {
    for (long end = now + nanos; now < end; ) {
      now += LOOK;
      beat += beats ? 1 : 0;
      look();
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    boolean stops = name.equals("STOP");
    new ProcessBuilder("kill", "-" + name, "--", String.valueOf(process.pid())).start().waitFor();
    while (ProcStat.of(String.valueOf(process.pid())).isStopped() != stops) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
