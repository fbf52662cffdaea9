package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static dev.procpool.call.ScriptedBackend.pullAll;
import static dev.procpool.call.ScriptedBackend.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolTerminatedException;
import dev.procpool.ResultIterator;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.function.Task1;
import dev.procpool.spi.Backend;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a pool ends. */
class LifecycleTest {

  private static final Task1<Object, Object> TASK = x -> x;

  private final ScriptedBackend backend = new ScriptedBackend();
  private final Pool pool = new CallPool("life", backend, OnClose.JOIN);

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.terminate();
    assertThat(pool.join(SAFETY)).isTrue();
    Leftovers.assertNoThread("procpool-life-");
  }

  @Test
  void aPoolThatCantBeMadeEndsTheBackendThatItWasToOwn() {
    ScriptedBackend nameless = new ScriptedBackend();
    assertThatThrownBy(() -> new CallPool(null, nameless, OnClose.JOIN)).hasMessage("name");
    assertThat(nameless.terminations).hasValue(1);
    ScriptedBackend endless = new ScriptedBackend();
    assertThatThrownBy(() -> new CallPool("pool", endless, null)).hasMessage("onClose");
    assertThat(endless.terminations).hasValue(1);
  }

  @Test
  void aShutdownThatRanOutOfMemoryMayBeRepeated() throws Exception {
    backend.lacks = 1;
    assertThatThrownBy(pool::shutdown).isInstanceOf(OutOfMemoryError.class);
    assertThat(backend.shutdowns).hasValue(0);
    pool.shutdown();
    pool.shutdown();
    assertThat(backend.shutdowns).hasValue(1);
    assertThat(pool.join(SAFETY)).isTrue();
  }

  @Test
  void aBackendIsEndedThoughThereWasNoMemoryForItAtFirst() {
    ScriptedBackend lacking = new ScriptedBackend();
    lacking.lacks = 3;
    assertThatThrownBy(() -> new CallPool(null, lacking, OnClose.JOIN)).hasMessage("name");
    assertThat(lacking.terminations).hasValue(1);
  }

  @Test
  void nullsAreRefusedByName() {
    assertThatThrownBy(() -> pool.applyAsync((Task1<Object, Object>) null, 1))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("task");
    assertThatThrownBy(() -> pool.mapAsync(null, List.of()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("task");
    assertThatThrownBy(() -> pool.imap(TASK, (Iterable<Object>) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("items");
    assertThat(backend.submitted).isEmpty();
  }

  @Test
  void aSizeThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> pool.resize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workers")
        .hasMessageContaining("0");
    pool.resize(3);
    assertThat(backend.resizedTo).isEqualTo(3);
  }

  @Test
  void theBackendIsToldToPrestart() {
    pool.prestart();
    assertThat(backend.prestarts).hasValue(1);
  }

  @Test
  void callsAfterShutdownAreRefusedWithThePoolsName() {
    Pool view = pool.with(TaskOptions.defaults().chunkSize(2));
    view.shutdown();
    view.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThatThrownBy(() -> pool.applyAsync(TASK, 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("'life'")
        .hasMessageContaining("shut down");
    assertThatThrownBy(() -> pool.resize(2)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(pool::prestart).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.share(2)).isInstanceOf(RejectedExecutionException.class);
    pool.terminate();
    assertThatThrownBy(() -> pool.imap(TASK, List.of())).hasMessageContaining("terminated");
    assertThat(backend.shutdowns).hasValue(1);
    assertThat(backend.terminations).hasValue(1);
  }

  @Test
  void joinNeedsAShutdownBefore() {
    assertThatThrownBy(pool::join)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shutdown()");
    assertThatThrownBy(() -> pool.join(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    assertThat(pool.isTerminated()).isFalse();
  }

  @Test
  void joinWaitsForTasksThenCallbacksThenWorkers() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    CountDownLatch inCallback = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    result.onSuccess(
        value -> {
          inCallback.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    pool.shutdown();
    assertThat(pool.join(Duration.ZERO)).isFalse();
    Submission<?, Object> call = backend.call();
    pullAll(call);
    succeed(call, 0, 1);
    inCallback.await();
    assertThat(pool.join(Duration.ofMillis(1))).isFalse();
    assertThat(pool.isTerminated()).isFalse();
    release.countDown();
    assertThat(pool.join(SAFETY)).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void twoCallbacksThatCloseThePoolDoNotWaitForEachOther() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    CountDownLatch closed = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      pool.applyAsync(TASK, i)
          .onSuccess(
              value -> {
                both.countDown();
                try {
                  both.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                pool.close();
                closed.countDown();
              });
    }
    for (int i = 0; i < 2; i++) {
      Submission<?, Object> call = backend.call();
      pullAll(call);
      succeed(call, 0, i);
    }
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLateCallbackRunsAfterThePoolHasEnded() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    Submission<?, Object> call = backend.call();
    pullAll(call);
    succeed(call, 0, 1);
    pool.close();
    CountDownLatch called = new CountDownLatch(1);
    result.onSuccess(value -> called.countDown());
    assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closeCanBeToldToTerminate() throws Exception {
    ScriptedBackend other = new ScriptedBackend();
    AsyncResult<Object> result;
    try (Pool terminating = new CallPool("life-terminating", other, OnClose.TERMINATE)) {
      result = terminating.applyAsync(TASK, 1);
    }
    assertThat(other.terminations).hasValue(1);
    assertThat(result.isCancelled()).isTrue();
  }

  @Test
  void aBoundedCloseIsNotKeptByACallbackThatHangs() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    Submission<?, Object> call = backend.call();
    pullAll(call);
    succeed(call, 0, 1);
    result.onSuccess(
        value -> {
          began.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    began.await();
    try {
      assertThat(pool.close(Duration.ofMillis(1))).isFalse();
    } finally {
      release.countDown();
    }
  }

  @Test
  void anInterruptedCloseTerminatesAndKeepsTheInterrupt() {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    Thread.currentThread().interrupt();
    pool.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(result::get).isInstanceOf(PoolTerminatedException.class);
    assertThatCode(pool::close).doesNotThrowAnyException();
  }

  @Test
  void closeDoesNotWaitForAnIterationThatItsOwnThreadLeft() throws Exception {
    ResultIterator<Object> results =
        pool.with(TaskOptions.defaults().lookAhead(1))
            .imap(TASK, () -> Stream.<Object>generate(() -> 1).iterator());
    Submission<?, Object> call = backend.call();
    call.advance();
    succeed(call, 0, 1);
    assertThat(results.next()).isEqualTo(1);
    pool.close();
    assertThatThrownBy(results::next).isInstanceOf(CancellationException.class);
  }

  @Test
  void aRefusedSubmissionLeavesNothingBehind() {
    RejectedExecutionException refusal = new RejectedExecutionException("full");
    ScriptedBackend other = new ScriptedBackend();
    Pool refusing =
        new CallPool("life-refusing", new RefusingBackend(other, refusal), OnClose.JOIN);
    assertThatThrownBy(() -> refusing.applyAsync(TASK, 1)).isSameAs(refusal);
    refusing.close();
    assertThat(refusing.isTerminated()).isTrue();
  }

  private record RefusingBackend(ScriptedBackend other, RuntimeException refusal)
      implements Backend {
    @Override
    public void submit(Submission<?, ?> submission) {
      throw refusal;
    }

    @Override
    public void cancel(Submission<?, ?> submission, boolean interruptRunning) {}

    @Override
    public <T> Shared<T> share(T value) {
      return other.share(value);
    }

    @Override
    public List<WorkerInfo> workers() {
      return other.workers();
    }

    @Override
    public void resize(int workers) {}

    @Override
    public void shutdown() {
      other.shutdown();
    }

    @Override
    public void terminate() {
      other.terminate();
    }

    @Override
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
      return other.awaitTermination(timeout);
    }
  }
}
