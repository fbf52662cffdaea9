package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static dev.procpool.call.ScriptedBackend.fail;
import static dev.procpool.call.ScriptedBackend.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolTerminatedException;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.spi.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an {@code imap} iterator does with reports in whatever order they come. */
class StreamTest {

  private static final Task1<Object, Object> TASK = x -> x;

  private final ScriptedBackend backend = new ScriptedBackend();
  private final Pool pool = new CallPool("stream", backend, OnClose.JOIN);
  private final AtomicLong drawn = new AtomicLong();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.terminate();
    assertThat(pool.join(SAFETY)).isTrue();
    Leftovers.assertNoThread("procpool-stream-");
  }

  private Iterable<Object> endless() {
    return () -> Stream.<Object>generate(drawn::getAndIncrement).iterator();
  }

  private Pool lookingAhead(int items) {
    return pool.with(TaskOptions.defaults().lookAhead(items));
  }

  private static FutureTask<Boolean> inThread(Callable<Boolean> body) {
    FutureTask<Boolean> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "test-puller");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  @Test
  void resultsComeInOrder() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    succeed(call, 2, "c");
    succeed(call, 1, null);
    assertThatThrownBy(() -> results.next(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    succeed(call, 0, "a");
    assertThat(results.next()).isEqualTo("a");
    assertThat(results.next()).isNull();
    assertThat(results.next()).isEqualTo("c");
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
    results.close();
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void unorderedResultsComeAsTheyArriveAndOnce() throws Exception {
    ResultIterator<Object> results = pool.imapUnordered(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    succeed(call, 2, "c");
    succeed(call, 2, "again");
    succeed(call, 0, "a");
    assertThat(results.next()).isEqualTo("c");
    assertThat(results.next()).isEqualTo("a");
    succeed(call, 2, "again");
    succeed(call, 1, "b");
    assertThat(results.next()).isEqualTo("b");
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void noMoreThanTheLookAheadIsOut() throws Exception {
    ResultIterator<Object> results = lookingAhead(2).imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    assertThat(call.advance()).isTrue();
    assertThat(call.advance()).isTrue();
    FutureTask<Boolean> third = inThread(call::advance);
    succeed(call, 1, "b");
    succeed(call, 0, "a");
    assertThat(third.isDone()).isFalse();
    assertThat(drawn).hasValue(2);
    assertThat(results.next()).isEqualTo("a");
    assertThat(third.get(30, TimeUnit.SECONDS)).isTrue();
    FutureTask<Boolean> fourth = inThread(call::advance);
    results.close();
    assertThat(fourth.get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(drawn).hasValue(3);
  }

  @Test
  void aWaitingPullerIsWokenForABatchOrWhenNothingMoreIsReady() throws Exception {
    ResultIterator<Object> results = lookingAhead(32).imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    for (int i = 0; i < 32; i++) {
      assertThat(call.advance()).isTrue();
    }
    FutureTask<Boolean> alone = inWaitingThread(call);
    succeed(call, 0, 0);
    assertThat(results.next()).isEqualTo(0);
    assertThat(alone.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(drawn).hasValue(33);

    FutureTask<Boolean> batch = inWaitingThread(call);
    for (int i = 1; i < 33; i++) {
      succeed(call, i, i);
    }
    assertThat(results.next()).isEqualTo(1);
    assertThat(results.next()).isEqualTo(2);
    assertThat(batch.get(60, TimeUnit.SECONDS)).isTrue();
    results.close();
  }

  /** Has a thread pull the next item, and gives it when it waits for credit. */
  private static FutureTask<Boolean> inWaitingThread(Submission<?, Object> call) throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    call.tellWaits(
        isWaiting -> {
          if (isWaiting) {
            waits.countDown();
          }
        });
    FutureTask<Boolean> pulled = inThread(call::advance);
    assertThat(waits.await(60, TimeUnit.SECONDS)).isTrue();
    return pulled;
  }

  @Test
  void aConsumerSeesWhatIsReadyWithoutWaiting() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1, 2));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    assertThat(results.hasReady()).isFalse();
    succeed(call, 1, "b");
    assertThat(results.hasReady()).isFalse();
    fail(call, 0, new IOException());
    assertThat(results.hasReady()).isTrue();
    assertThat(results.nextOutcome().isSuccess()).isFalse();
    assertThat(results.hasReady()).isTrue();
    assertThat(results.next()).isEqualTo("b");
    assertThat(results.hasReady()).isFalse();
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void aPullerThatIsInterruptedStopsWaitingForCredit() throws Exception {
    ResultIterator<Object> results = lookingAhead(1).imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    call.advance();
    Thread.currentThread().interrupt();
    assertThatThrownBy(call::advance).isInstanceOf(InterruptedException.class);
    results.close();
  }

  @Test
  void aSizedSourceAsLongAsTheLookAheadEndsUnconsumed() throws Exception {
    ResultIterator<Object> results = lookingAhead(2).imap(TASK, List.of(1, 2));
    Submission<?, Object> call = backend.call();
    assertThat(ScriptedBackend.pullAll(call)).isEqualTo(2);
    succeed(call, 0, "a");
    succeed(call, 1, "b");
    assertThat(call.isEnded()).isTrue();
    pool.shutdown();
    assertThat(pool.join(SAFETY)).isTrue();
    assertThat(results.stream()).containsExactly("a", "b");
  }

  @Test
  void aFailedItemThrowsAndTheIterationGoesOn() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      List<Object> items = List.of(1, 2);
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, items) : pool.imapUnordered(TASK, items);
      Submission<?, Object> call = backend.call();
      ScriptedBackend.pullAll(call);
      IOException error = new IOException();
      fail(call, 0, error);
      succeed(call, 1, "b");
      assertThatThrownBy(results::next)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(error);
      assertThat(results.next()).isEqualTo("b");
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void theSourcesExceptionComesAsItselfAfterTheResultsBeforeIt() throws Exception {
    IllegalStateException broken = new IllegalStateException("source");
    Iterable<Object> source =
        () ->
            new Iterator<>() {
              private boolean first = true;

              @Override
              public boolean hasNext() {
                if (!first) {
                  throw broken;
                }
                return true;
              }

              @Override
              public Object next() {
                first = false;
                return 1;
              }
            };
    ResultIterator<Object> results = pool.imap(TASK, source);
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    succeed(call, 0, "a");
    assertThat(results.hasNext()).isTrue();
    assertThat(results.next()).isEqualTo("a");
    assertThatThrownBy(results::hasNext).isSameAs(broken);
    assertThatThrownBy(results::next).isSameAs(broken);
  }

  @Test
  void closingWakesOtherConsumersAndCancelsTheRest() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    call.advance();
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<Boolean> waiting =
        inThread(
            () -> {
              started.countDown();
              return results.hasNext();
            });
    started.await();
    results.close();
    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(CancellationException.class);
    assertThat(backend.cancelled.take()).isTrue();
    assertThat(call.isEnded()).isFalse();
    ScriptedBackend.cancel(call, 0);
    assertThat(call.isEnded()).isTrue();
    results.close();
    assertThat(backend.cancelled).isEmpty();
    assertThatThrownBy(results::next).isInstanceOf(CancellationException.class);
  }

  @Test
  void closingDropsResultsThatWait() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, endless()) : pool.imapUnordered(TASK, endless());
      Submission<?, Object> call = backend.call();
      call.advance();
      call.advance();
      succeed(call, 0, "a");
      results.close();
      assertThatThrownBy(results::next).isInstanceOf(CancellationException.class);
      succeed(call, 0, "again");
      assertThat(call.isEnded()).isFalse();
      succeed(call, 1, "b");
      assertThat(call.isEnded()).isTrue();
    }
  }

  @Test
  void anInterruptedConsumerCancelsTheCall() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, endless());
    Thread.currentThread().interrupt();
    assertThatThrownBy(results::hasNext).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(backend.cancelled.take()).isTrue();
  }

  @Test
  void aBoundedWaitThatIsInterruptedLeavesTheCallAlone() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, List.of(1));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> results.next(SAFETY)).isInstanceOf(InterruptedException.class);
    succeed(call, 0, "a");
    assertThat(results.next(SAFETY)).isEqualTo("a");
  }

  @Test
  void terminationReachesTheConsumerAfterTheResultsThatCame() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, endless());
    Submission<?, Object> call = backend.call();
    call.advance();
    call.advance();
    succeed(call, 0, "a");
    pool.terminate();
    assertThat(results.next()).isEqualTo("a");
    assertThatThrownBy(results::hasNext).isInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(results::next).isInstanceOf(PoolTerminatedException.class);
  }

  @Test
  void aBrokenPoolFailsEachItemThatIsOutAndThenTheIteration() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, endless()) : pool.imapUnordered(TASK, endless());
      Submission<?, Object> call = backend.call();
      call.advance();
      call.advance();
      PoolBrokenException broken = new PoolBrokenException("broken", null);
      call.abort(broken);
      for (int i = 0; i < 2; i++) {
        assertThat(results.hasNext()).isTrue();
        assertThatThrownBy(results::next).cause().isSameAs(broken);
      }
      assertThatThrownBy(results::hasNext).cause().isSameAs(broken);
    }
  }

  @Test
  void aStreamClosesItsIterator() throws Exception {
    ResultIterator<Object> results = pool.imap(TASK, endless());
    try (Stream<Object> stream = results.stream()) {
      assertThat(stream.isParallel()).isFalse();
    }
    assertThat(backend.cancelled.take()).isTrue();
  }

  @Test
  void manyResultsPassThroughASmallWindow() throws Exception {
    int count = 20_000;
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(i);
    }
    for (boolean ordered : new boolean[] {true, false}) {
      Pool view = lookingAhead(37);
      ResultIterator<Object> results =
          ordered ? view.imap(TASK, items) : view.imapUnordered(TASK, items);
      Submission<Object, Object> call = backend.call();
      FutureTask<Boolean> engine =
          inThread(
              () -> {
                for (long index = 0; call.advance(); index++) {
                  succeed(call, index, call.item());
                }
                return true;
              });
      List<Object> seen = new ArrayList<>();
      results.forEachRemaining(seen::add);
      assertThat(seen).isEqualTo(items);
      assertThat(engine.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
