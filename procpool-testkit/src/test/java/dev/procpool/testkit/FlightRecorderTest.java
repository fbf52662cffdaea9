package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java Flight Recorder records of a pool. */
class FlightRecorderTest extends ProcessPoolTest {

  private static final List<String> EVENTS =
      List.of("WorkerStart", "WorkerEnd", "Task", "Chunk", "Timeout", "Retry");

  @TempDir Path directory;

  private List<RecordedEvent> recorded(Recording recording, String event) throws IOException {
    Path file = directory.resolve(event + ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(one -> one.getEventType().getName().equals("procpool." + event))
        .toList();
  }

  @Test
  void workersItemsChunksRetriesAndTimeOutsAreRecorded() throws Exception {
    FileLog attempts = log("attempts");
    try (Recording recording = new Recording()) {
      EVENTS.forEach(event -> recording.enable("procpool." + event));
      recording.start();
      Pool pool = built(ProcessPool.builder().workers(2).name("recorded"));
      pool.with(TaskOptions.defaults().label("squares").chunkSize(5))
          .map(x -> x * x, IntStream.range(0, 20).boxed().toList());
      pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2).on(IOException.class)))
          .apply(
              () -> {
                attempts.add("attempt");
                if (attempts.size() == 1) {
                  throw new IOException("the first attempt fails");
                }
                return 1;
              });
      Outcome<Integer> stopped =
          pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(50)))
              .mapAsync(
                  x -> {
                    Thread.sleep(60_000);
                    return x;
                  },
                  List.of(1))
              .outcomes()
              .get(0);
      assertThat(stopped).isInstanceOf(Outcome.TimedOut.class);
      pool.close();
      recording.stop();

      List<RecordedEvent> starts = recorded(recording, "WorkerStart");
      assertThat(starts).hasSize(2).extracting(e -> e.getInt("worker")).contains(0, 1);
      assertThat(starts).extracting(e -> e.getString("pool")).containsOnly("recorded");
      assertThat(starts).allSatisfy(e -> assertThat(e.getDuration("took")).isPositive());
      List<RecordedEvent> ends = recorded(recording, "WorkerEnd");
      assertThat(ends)
          .extracting(e -> e.getLong("pid"))
          .containsExactlyInAnyOrderElementsOf(starts.stream().map(e -> e.getLong("pid")).toList());
      assertThat(ends.stream().mapToLong(e -> e.getLong("items")).sum()).isEqualTo(23);
      List<RecordedEvent> squares =
          recorded(recording, "Task").stream()
              .filter(e -> e.getString("label").equals("squares"))
              .toList();
      assertThat(squares)
          .extracting(e -> e.getLong("item"))
          .containsExactlyInAnyOrderElementsOf(longsBelow(20));
      assertThat(squares).extracting(e -> e.getString("outcome")).containsOnly("VALUE");
      assertThat(recorded(recording, "Chunk").stream().mapToInt(e -> e.getInt("items")).sum())
          .isGreaterThanOrEqualTo(23);
      assertThat(recorded(recording, "Retry"))
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.getInt("attempt")).isEqualTo(1);
                assertThat(e.getString("why")).isEqualTo("Failure");
              });
      assertThat(recorded(recording, "Timeout"))
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.getDuration("limit")).isEqualTo(Duration.ofMillis(50));
                assertThat(e.getDuration("ran")).isGreaterThanOrEqualTo(Duration.ofMillis(50));
                assertThat(e.getLong("pid")).isEqualTo(stopped.workerPid());
              });
    }
  }

  @Test
  void anItemThatCostItsWorkerIsRecordedWithHowTheWorkerEnded() throws Exception {
    try (Recording recording = new Recording()) {
      EVENTS.forEach(event -> recording.enable("procpool." + event));
      recording.start();
      Pool pool = built(ProcessPool.builder().workers(1));
      pool.mapAsync(
              x -> {
                System.exit(42);
                return x;
              },
              List.of(1))
          .outcomes();
      pool.close();
      recording.stop();
      assertThat(recorded(recording, "Task"))
          .singleElement()
          .satisfies(e -> assertThat(e.getString("outcome")).isEqualTo("WorkerLost"));
      assertThat(recorded(recording, "WorkerEnd"))
          .extracting(e -> e.getString("how"))
          .anySatisfy(how -> assertThat(how).contains("42"));
    }
  }

  private static List<Long> longsBelow(int end) {
    return IntStream.range(0, end).mapToObj(i -> (long) i).toList();
  }
}
