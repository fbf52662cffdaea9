package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.function.Task1;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Backend;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.RemoteClasses;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Worker processes without a pool run items that have their places in another JVM's call. */
@ExtendWith(NoLeftovers.class)
class EncodedItemsTest {

  /** A call of another JVM, as its items arrive here one after another. */
  private static final class Arriving implements Submission<Object, Object> {

    private static final Object END = new Object();

    private final EncodedTask task;
    private final TaskOptions options;
    private final BlockingQueue<Object> items = new LinkedBlockingQueue<>();
    final Map<Long, Outcome<Object>> outcomes = new ConcurrentSkipListMap<>();
    private final CountDownLatch reported;
    private Object item = END;

    Arriving(EncodedTask task, TaskOptions options, int expected) {
      this.task = task;
      this.options = options;
      this.reported = new CountDownLatch(expected);
    }

    void arrive(EncodedItem arrived) {
      items.add(arrived);
    }

    void end() {
      items.add(END);
    }

    Map<Long, Outcome<Object>> await() throws InterruptedException {
      assertThat(reported.await(ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return outcomes;
    }

    @Override
    public long number() {
      return 1;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // items are bytes
    public Task1<Object, Object> task() {
      return (Task1) task;
    }

    @Override
    public TaskOptions options() {
      return options;
    }

    @Override
    public boolean isImmediate() {
      return false;
    }

    @Override
    public boolean advance() throws InterruptedException {
      item = items.take();
      return item != END;
    }

    @Override
    public Object item() {
      return item;
    }

    @Override
    public void succeeded(long index, Object value, int attempts, long nanos, WorkerName worker) {
      settled(new Attempt(index, attempts, nanos, worker).succeeded(value));
    }

    @Override
    public void settled(Outcome<Object> outcome) {
      assertThat(outcomes.put(outcome.index(), outcome)).isNull();
      reported.countDown();
    }

    @Override
    public void abort(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public boolean isEnded() {
      return false;
    }
  }

  private final CallEncoder encoder = new CallEncoder();
  private Backend backend;

  @BeforeEach
  void start() {
    backend = ProcessPool.builder().workers(2).buildBackend(40);
  }

  @AfterEach
  void end() throws Exception {
    backend.shutdown();
    assertThat(backend.awaitTermination(ContractTest.BOUND)).isTrue();
    encoder.close();
  }

  private <T, R> CallEncoder.Call<T, R> encode(Task1<T, R> task) {
    return encoder.encode(task);
  }

  private Arriving submit(CallEncoder.Call<?, ?> call, TaskOptions options, int expected) {
    EncodedTask task =
        EncodedTask.read(
            call.task(), number -> new RemoteClasses(number, q -> encoder.answer(this, q)));
    Arriving arriving = new Arriving(task, options, expected);
    backend.submit(arriving);
    return arriving;
  }

  private static <T> byte[] bytes(CallEncoder.Call<T, ?> call, long index, T item) {
    CallEncoder.Item encoded = call.item(index, item, failed -> {});
    assertThat(encoded).isNotNull();
    return encoded.bytes();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // encoded values are bytes
  private static <R> Outcome<R> decoded(CallEncoder.Call<?, R> call, Outcome<Object> outcome) {
    return call.outcome((Outcome) outcome);
  }

  @Test
  void eachItemKnowsItsOwnPlaceAndAttempts() throws Exception {
    try (CallEncoder.Call<String, String> call =
        encode(
            text -> {
              WorkerContext context = WorkerContext.current();
              return text
                  + " "
                  + context.itemIndex()
                  + " "
                  + context.attempt()
                  + " "
                  + context.published().orElse("nothing");
            })) {
      Arriving arriving = submit(call, TaskOptions.defaults().chunkSize(50), 104);
      List<String> expected = new ArrayList<>();
      for (long index : List.of(1L << 40, 7L)) { // back, too
        arriving.arrive(new EncodedItem(index, 0, bytes(call, index, "far"), null));
      }
      byte[] part = bytes(encode((String s) -> s), 0, "half");
      arriving.arrive(new EncodedItem(8, 2, bytes(call, 8, "again"), part));
      arriving.arrive(new EncodedItem(9, 2, bytes(call, 9, "again"), null));
      for (long index = 100; index < 200; index++) {
        arriving.arrive(new EncodedItem(index, 0, bytes(call, index, "near"), null));
        expected.add("near " + index + " 1 nothing");
      }
      arriving.end();

      Map<Long, Outcome<Object>> outcomes = arriving.await();

      expected.add(0, "far 7 1 nothing");
      expected.add(1, "again 8 3 half");
      expected.add(2, "again 9 3 nothing");
      expected.add("far " + (1L << 40) + " 1 nothing");
      assertThat(outcomes.values())
          .extracting(outcome -> decoded(call, outcome).orElse("no value"))
          .containsExactlyElementsOf(expected);
      assertThat(outcomes.get(8L).attempts()).isEqualTo(3);
      assertThat(outcomes.get(100L).attempts()).isEqualTo(1);
    }
  }

  @Test
  void workersHaveNumbersFromTheFirstOneOn() throws Exception {
    try (CallEncoder.Call<Integer, Integer> call =
        encode(number -> WorkerContext.current().workerNumber())) {
      Arriving arriving = submit(call, TaskOptions.defaults(), 1);
      arriving.arrive(new EncodedItem(0, 0, bytes(call, 0, 1), null));
      arriving.end();

      assertThat(decoded(call, arriving.await().get(0L)).orElse(-1)).isBetween(40, 41);
      assertThat(backend.workers()).allMatch(worker -> worker.number() >= 40);
    }
  }

  @Test
  void whatFailsIsNamedByItsOwnPlace() throws Exception {
    try (CallEncoder.Call<Integer, Object> call =
        encode(
            kind -> {
              if (kind == 0) {
                Runtime.getRuntime().halt(3);
              }
              return kind == 1 ? new Object() : kind;
            })) {
      Arriving arriving = submit(call, TaskOptions.defaults(), 3);
      arriving.arrive(new EncodedItem(70, 1, bytes(call, 70, 0), null));
      arriving.arrive(new EncodedItem(60, 0, bytes(call, 60, 1), null));
      arriving.arrive(new EncodedItem(61, 0, bytes(call, 61, 2), null));
      arriving.end();

      Map<Long, Outcome<Object>> outcomes = arriving.await();

      assertThat(outcomes.get(70L)).isInstanceOf(Outcome.WorkerLost.class);
      assertThat(outcomes.get(70L).attempts()).isEqualTo(2);
      assertThat(decoded(call, outcomes.get(60L)).failure().orElseThrow())
          .hasMessageStartingWith("item 60: the result can't be serialized");
      assertThat(decoded(call, outcomes.get(61L)).orElse(0)).isEqualTo(2);
    }
  }

  @Test
  void whatAnEarlierAttemptHasPublishedIsThePartOfALaterOneThatPublishesNothing() throws Exception {
    try (CallEncoder.Call<Integer, String> call =
        encode(
            number -> {
              Thread.sleep(60_000);
              return "";
            })) {
      Arriving arriving = submit(call, TaskOptions.defaults().timeout(Duration.ofMillis(50)), 1);
      byte[] part = bytes(encode((String s) -> s), 0, "half");
      arriving.arrive(new EncodedItem(5, 1, bytes(call, 5, 1), part));
      arriving.end();

      Outcome<String> outcome = decoded(call, arriving.await().get(5L));

      assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
      assertThat(outcome.attempts()).isEqualTo(2);
      assertThat(outcome.partial()).contains("half");
    }
  }

  @Test
  void itemsThatDidNotStartKeepTheirPlacesWhenTheirCallIsCancelled() throws Exception {
    try (CallEncoder.Call<Integer, String> call =
        encode(
            number -> {
              Thread.sleep(60_000);
              return "";
            })) {
      Arriving arriving = submit(call, TaskOptions.defaults().chunkSize(1), 8);
      for (long index = 80; index > 0; index -= 10) {
        arriving.arrive(new EncodedItem(index, index == 80 ? 0 : 1, bytes(call, index, 1), null));
      }
      Eventually.until(
          "an item runs",
          () ->
              backend.workers().stream()
                  .anyMatch(worker -> worker.state() == WorkerInfo.State.BUSY));
      arriving.end();
      backend.cancel(arriving, true);

      Map<Long, Outcome<Object>> outcomes = arriving.await();

      assertThat(outcomes.keySet()).containsExactly(10L, 20L, 30L, 40L, 50L, 60L, 70L, 80L);
      assertThat(outcomes.values()).allMatch(outcome -> outcome instanceof Outcome.Cancelled);
      assertThat(outcomes.get(10L).attempts()).isEqualTo(1);
    }
  }
}
