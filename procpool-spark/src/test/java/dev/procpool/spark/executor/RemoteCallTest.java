package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.TaskOptions;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.RemoteClasses;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker's part of a call reports to a driver, which is a method. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RemoteCallTest {

  private static final long CALL = 7;
  private static final WorkerName WORKER = WorkerName.of("node-7", 4711);

  /** What was reported, a line each. */
  private final BlockingQueue<String> reported = new LinkedBlockingQueue<>();

  private final Reports reports = new Reports("test", "executor", this::answer);
  private final SlotWork first = new SlotWork(new SlotKey(1, 0, 0, "e"), null);
  private final SlotWork second = new SlotWork(new SlotKey(1, 1, 1, "e"), null);
  private final RemoteCall call =
      new RemoteCall(
          CALL,
          1,
          EncodedTask.read(
              EncodedTask.write(new byte[1], new byte[0], true, 1), RemoteCallTest::classes),
          CallLimits.of(TaskOptions.defaults()),
          reports);

  @AfterEach
  void close() {
    reports.close();
  }

  private static RemoteClasses classes(long number) {
    return new RemoteClasses(number, question -> question);
  }

  private byte[] answer(byte[] question) throws IOException {
    DataInputStream in = Wire.read(question);
    assertThat(Wire.read(ToDriver.all(), in)).isEqualTo(ToDriver.REPORT);
    in.readUTF();
    in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      DataInputStream entry = Wire.read(Wire.bytes(in));
      ToDriver.Entry what = Wire.read(ToDriver.Entry.all(), entry);
      if (what == ToDriver.Entry.SUCCESSES) {
        Successes all = Successes.read(entry.readLong(), entry);
        StringBuilder line = new StringBuilder("values of " + all.worker() + " in " + all.call());
        for (int i = 0; i < all.count(); i++) {
          line.append(' ').append(all.index(i)).append('=').append(all.bytes()[all.start(i)]);
        }
        reported.add(line.toString());
      } else {
        assertThat(entry.readLong()).isEqualTo(CALL);
        reported.add(what + " " + entry.readLong());
      }
    }
    return Wire.answer(out -> out.writeBoolean(false));
  }

  private void arrive(SlotWork slot, long... indexes) {
    List<Chunk.Item> items =
        LongStream.of(indexes)
            .mapToObj(i -> new EncodedItem(i, 0, new byte[] {(byte) i}, null))
            .map(item -> new Chunk.Item(item, null, Set.of()))
            .toList();
    assertThat(call.add(new Chunk(0, CALL, 0, items), slot)).isTrue();
  }

  private void succeeded(long... indexes) {
    List<byte @Nullable []> values = new ArrayList<>();
    LongStream.of(indexes).forEach(i -> values.add(new byte[] {(byte) (i + 1)}));
    succeeded(values, indexes);
  }

  /** One that is null can't be reported. */
  private void succeeded(List<byte @Nullable []> values, long... indexes) {
    call.succeeded(
        indexes,
        new ValueBatch<Object>() {
          @Override
          public int size() {
            return values.size();
          }

          @Override
          public Object value(int place) {
            return values.get(place);
          }
        },
        1,
        new long[indexes.length],
        WORKER,
        ItemRun.UNKNOWN);
  }

  @Test
  void valuesOfOneSlotAreReportedTogetherAndEachOnce() throws Exception {
    arrive(first, 0, 1, 2);
    arrive(second, 3, 4);

    succeeded(0, 1, 3, 4, 9);
    assertThat(reported.take()).isEqualTo("values of 4711@node-7 in 7 0=1 1=2");
    assertThat(reported.take()).isEqualTo("values of 4711@node-7 in 7 3=4 4=5");
    assertThat(call.has(first)).isTrue();
    assertThat(call.has(second)).isFalse();

    succeeded(1, 2);
    assertThat(reported.take()).isEqualTo("values of 4711@node-7 in 7 2=3");
    assertThat(call.has(first)).isFalse();
    succeeded(0, 1, 2, 3, 4);
    assertThat(reports.flush(30)).isTrue();
    assertThat(reported).isEmpty();
  }

  @Test
  void theWorkerGetsWhatHasArrivedAndTheRestIsHandedBack() throws Exception {
    arrive(first, 0, 1, 2);
    assertThat(call.advance()).isTrue();
    assertThat(((EncodedItem) call.item()).index()).isZero();

    assertThat(call.handBack(first.slot(), 1)).isOne();
    assertThat(reported.take()).isEqualTo("BACK 2");
    call.takeBack();
    assertThat(reported.take()).isEqualTo("BACK 1");
    assertThat(call.advance()).isFalse();
    assertThat(call.isEnded()).as("one runs").isFalse();

    succeeded(0);
    assertThat(reported.take()).isEqualTo("values of 4711@node-7 in 7 0=1");
    assertThat(call.isEnded()).isTrue();
  }

  @Test
  void whoeverWaitsForItemsIsWokenByThemAndByTheEnd() throws Exception {
    BlockingQueue<Object> pulled = new LinkedBlockingQueue<>();
    Thread puller =
        new Thread(
            () -> {
              try {
                while (call.advance()) {
                  pulled.add(call.item());
                }
                pulled.add("end");
              } catch (InterruptedException e) {
                pulled.add(e);
              }
            });
    puller.setDaemon(true);
    puller.start();
    arrive(first, 5);
    assertThat(((EncodedItem) pulled.take()).index()).isEqualTo(5);
    call.cancelled();
    assertThat(pulled.take()).isEqualTo("end");
    call.settled(new Attempt(5, 0, Duration.ZERO, WorkerName.NONE).<Object>cancelled());
    assertThat(reported.take()).isEqualTo("OUTCOME 5");
    assertThat(call.isEnded()).isTrue();
    puller.join();
  }

  @Test
  void itemsThatWereNotReportedAreThereStill() throws Exception {
    arrive(first, 0, 1);
    arrive(second, 2);
    List<byte @Nullable []> values = new ArrayList<>(List.of(new byte[1], new byte[1]));
    values.add(null);
    assertThatThrownBy(() -> succeeded(values, 2, 0, 1)).isInstanceOf(NullPointerException.class);
    assertThat(reported.take()).isEqualTo("values of 4711@node-7 in 7 2=0");
    assertThat(call.has(first)).isTrue();
    assertThat(call.has(second)).isFalse();

    call.abort(new IllegalStateException("no memory for a report"));
    assertThat(List.of(reported.take(), reported.take()))
        .containsExactlyInAnyOrder("OUTCOME 0", "OUTCOME 1");
    assertThat(call.isEnded()).isTrue();
    assertThat(reports.flush(30)).isTrue();
    assertThat(reported).isEmpty();
  }

  @Test
  void recordsOfLargerValuesAreSmall() throws Exception {
    long[] indexes = LongStream.range(0, 40).toArray();
    arrive(first, indexes);
    List<byte @Nullable []> values = new ArrayList<>();
    for (int i = 0; i < indexes.length; i++) {
      values.add(new byte[4 << 10]);
    }
    succeeded(values, indexes);
    assertThat(reported.take()).endsWith(" 15=0");
    assertThat(reported.take()).endsWith(" 31=0");
    assertThat(reported.take()).endsWith(" 39=0");
    assertThat(call.isEnded()).isFalse();
    assertThat(call.has(first)).isFalse();
  }
}
