package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static dev.procpool.call.ScriptedBackend.fail;
import static dev.procpool.call.ScriptedBackend.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Outcomes of a stream that are taken together, and items that there is credit for together. */
class StreamBatchTest {

  private static final Task1<Object, Object> TASK = x -> x;

  private final ScriptedBackend backend = new ScriptedBackend();
  private final Pool pool = new CallPool("batch", backend, OnClose.JOIN);

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.terminate();
    assertThat(pool.join(SAFETY)).isTrue();
    Leftovers.assertNoThread("procpool-batch-");
  }

  private static Iterable<Object> endless() {
    return () -> Stream.<Object>generate(() -> "item").iterator();
  }

  private Pool lookingAhead(int items) {
    return pool.with(TaskOptions.defaults().lookAhead(items));
  }

  private static List<Long> indexes(List<? extends Outcome<?>> outcomes) {
    return outcomes.stream().map(Outcome::index).toList();
  }

  @Test
  void outcomesThatAreThereAreTakenTogether() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1, 2, 3, 4, 5));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    succeed(call, 0, "a");
    fail(call, 1, new IOException());
    succeed(call, 2, "c");
    succeed(call, 4, "e");
    List<Outcome<Object>> two = results.nextOutcomes(2);
    assertThat(indexes(two)).containsExactly(0L, 1L);
    assertThat(two.get(0).valueOrThrow()).isEqualTo("a");
    assertThat(two.get(1).isSuccess()).isFalse();
    assertThat(indexes(results.nextOutcomes(100))).containsExactly(2L);
    succeed(call, 3, "d");
    assertThat(indexes(results.nextOutcomes(100))).containsExactly(3L, 4L);
    assertThatThrownBy(() -> results.nextOutcomes(1)).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> results.nextOutcomes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("most must be at least 1, was 0");
  }

  @Test
  void outcomesWithTheirItemsAreTakenTogether() throws Exception {
    var results = pool.imapOutcomes(TASK, List.of("x", "y"));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    succeed(call, 1, "b");
    succeed(call, 0, "a");
    assertThat(results.nextOutcomes(9).stream().map(o -> o.valueOrThrow().item()))
        .containsExactly("y", "x"); // as they come
  }

  @Test
  void anIteratorOfOthersGivesWhatItSaysIsReady() {
    List<Outcome<Object>> outcomes =
        LongStream.range(0, 3)
            .<Outcome<Object>>mapToObj(i -> new Outcome.Cancelled<>(i, 0, SAFETY, 0))
            .toList();
    ResultIterator<Object> results = new ListedOutcomes<>(outcomes);
    assertThat(results.nextOutcomes(2)).isEqualTo(outcomes.subList(0, 2));
    assertThat(results.nextOutcomes(2)).isEqualTo(outcomes.subList(2, 3));
    assertThatThrownBy(() -> results.nextOutcomes(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void largeResultsAreTakenOneByOne() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1, 2, 3, 4));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    WorkerName worker = WorkerName.of("", 7);
    call.succeeded(0, "a", 1, 10, worker, WaitingBytes.SMALL + 1);
    call.succeeded(1, "b", 1, 10, worker, WaitingBytes.SMALL + 1);
    assertThat(indexes(results.nextOutcomes(9))).containsExactly(0L);
    assertThat(indexes(results.nextOutcomes(9))).containsExactly(1L);
    succeed(call, 2, "c");
    succeed(call, 3, "d");
    assertThat(indexes(results.nextOutcomes(9))).as("small again").containsExactly(2L, 3L);
  }

  /** A signal that is due is given by whatever is consumed, also by small results in a batch. */
  @Test
  void smallResultsTakenTogetherLetMoreStart() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1, 2, 3, 4));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    call.succeeded(0, "a", 1, 10, WorkerName.of("", 7), WaitingBytes.LIMIT);
    AtomicInteger signals = new AtomicInteger();
    assertThat(call.room(4, signals::incrementAndGet)).isZero();
    results.nextOutcomes(9);
    assertThat(signals).as("three are out, that may be as large").hasValue(0);
    succeed(call, 1, "b");
    succeed(call, 2, "c");
    succeed(call, 3, "d");
    assertThat(indexes(results.nextOutcomes(9))).containsExactly(1L, 2L, 3L);
    assertThat(signals).hasValue(1);
    results.close();
  }

  @Test
  void eachOutcomeTakenGivesCredit() throws Exception {
    ResultIterator<Object> results = lookingAhead(3).imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3; i++) {
        assertThat(call.advance()).isTrue();
        succeed(call, 3L * round + i, i);
      }
      assertThat(results.nextOutcomes(9)).hasSize(3);
    }
    results.close();
  }

  @Test
  void aReportOfAnItemThatNobodyHasTakenYetIsNobodys() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      Pool ahead = lookingAhead(10);
      ResultIterator<Object> results =
          ordered ? ahead.imap(TASK, endless()) : ahead.imapUnordered(TASK, endless());
      Submission<?, Object> call = backend.call();
      assertThat(call.advance()).isTrue(); // there is credit for nine more
      succeed(call, 1, "too early");
      succeed(call, 0, "a");
      assertThat(call.advance()).isTrue();
      succeed(call, 1, "b");
      assertThat(results.next()).isEqualTo("a");
      assertThat(results.next()).isEqualTo("b");
      assertThat(results.hasReady()).isFalse();
      results.close();
    }
  }

  @Test
  void ofAnAbortedCallThoseItemsFailThatWereTaken() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      Pool ahead = lookingAhead(10);
      ResultIterator<Object> results =
          ordered ? ahead.imap(TASK, endless()) : ahead.imapUnordered(TASK, endless());
      Submission<?, Object> call = backend.call();
      for (int i = 0; i < 3; i++) {
        assertThat(call.advance()).isTrue();
      }
      call.abort(new IOException("gone"));
      assertThat(indexes(results.nextOutcomes(9))).containsExactly(0L, 1L, 2L);
      assertThatThrownBy(results::hasNext).isInstanceOf(CompletionException.class);
    }
  }
}
