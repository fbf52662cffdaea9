package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.WorkerOutput;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an executor reports to a driver, which is a method, whose consumers are slow. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReportsTest {

  /** What reports have had, an entry each: its kind. */
  private final BlockingQueue<ToDriver.Entry> reported = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch room = new CountDownLatch(1);
  private final AtomicBoolean isFull = new AtomicBoolean(true);
  private final AtomicBoolean failsOnce = new AtomicBoolean();
  private final Reports reports = new Reports("test", "executor", this::answer);

  @AfterEach
  void close() {
    room.countDown();
    reports.close();
  }

  private byte[] answer(byte[] question) throws IOException, InterruptedException {
    DataInputStream in = Wire.read(question);
    if (Wire.read(ToDriver.all(), in) == ToDriver.ROOM) {
      asked.add("room");
      if (failsOnce.getAndSet(false)) {
        throw new IOException("no answer in time");
      }
      room.await();
      isFull.set(false);
      return Wire.NOTHING;
    }
    in.readUTF();
    in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      reported.add(Wire.read(ToDriver.Entry.all(), Wire.read(Wire.bytes(in))));
    }
    return Wire.answer(out -> out.writeBoolean(isFull.get()));
  }

  private Thread printing() {
    WorkerOutput.Line line = new WorkerOutput.Line(0, 1, false, "text", Optional.empty());
    Thread thread = new Thread(() -> reports.printed(line), "printing");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void outcome() {
    Outcome<byte[]> outcome =
        new Attempt(0, 0, Duration.ZERO, WorkerName.NONE).failed(new IllegalStateException("x"));
    reports.outcome(1, outcome, ItemRun.UNKNOWN);
  }

  @Test
  void whatIsPrintedWaitsForRoomAndOutcomesGoOn() throws Exception {
    failsOnce.set(true);
    printing().join();
    assertThat(reported.take()).isEqualTo(ToDriver.Entry.OUTPUT);
    assertThat(reports.flush(30)).as("the driver has said that it is full").isTrue();

    Thread second = printing();
    assertThat(asked.take()).isEqualTo("room");
    assertThat(asked.take()).as("asked again, as there was no answer").isEqualTo("room");
    outcome();
    assertThat(reported.take()).isEqualTo(ToDriver.Entry.OUTCOME);
    assertThat(second.isAlive()).isTrue();

    room.countDown();
    second.join();
    assertThat(reported.take()).isEqualTo(ToDriver.Entry.OUTPUT);
    outcome();
    assertThat(reported.take()).isEqualTo(ToDriver.Entry.OUTCOME);
    assertThat(reports.flush(30)).isTrue();
    printing().join();
    assertThat(asked).as("asked while there is room").isEmpty();
  }
}
