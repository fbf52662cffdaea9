package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: {@link Pool#asExecutorService()}. */
public abstract class ExecutorServiceContract extends ContractTest {

  private interface SerializableRunnable extends Runnable, Serializable {}

  private interface SerializableCallable<T> extends Callable<T>, Serializable {}

  /** For subclasses. */
  protected ExecutorServiceContract() {}

  @Test
  void submitRunsCallablesAndRunnables() throws Exception {
    ExecutorService executor = pool(1).asExecutorService();
    FileLog log = log("ran");
    SerializableCallable<String> callable = () -> "called";
    SerializableRunnable runnable = () -> log.add("run");
    assertThat(executor.submit(callable).get()).isEqualTo("called");
    assertThat(executor.submit(runnable).get()).isNull();
    assertThat(executor.submit(runnable, "given").get()).isEqualTo("given");
    assertThat(log.size()).isEqualTo(2);
  }

  @Test
  void executeRunsARunnable() throws Exception {
    FileLatch ran = latch("ran");
    SerializableRunnable runnable = ran::countDown;
    pool(1).asExecutorService().execute(runnable);
    ran.await();
  }

  @Test
  void aFailureIsTheCauseOfAnExecutionException() {
    SerializableCallable<String> callable =
        () -> {
          throw new IOException("disk full");
        };
    Future<String> future = pool(1).asExecutorService().submit(callable);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(future::get)
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("disk full");
  }

  @Test
  void invokeAllAndInvokeAnyWork() throws Exception {
    ExecutorService executor = pool(2).asExecutorService();
    List<SerializableCallable<Integer>> callables = List.of(() -> 1, () -> 2, () -> 3);
    List<Future<Integer>> futures = executor.invokeAll(callables);
    assertThat(futures).hasSize(3).allMatch(Future::isDone);
    assertThat(futures.get(2).get()).isEqualTo(3);
    assertThat(executor.invokeAny(callables)).isIn(1, 2, 3);
  }

  @Test
  void aFutureCanBeWaitedForWithALimitAndCancelled() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    SerializableCallable<String> hanging =
        () -> {
          never.await();
          return "released";
        };
    Future<String> future = pool.asExecutorService().submit(hanging);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> future.get(20, TimeUnit.MILLISECONDS));
    assertThat(future.cancel(true)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void theExecutorSharesThePoolsLife() throws Exception {
    Pool pool = pool(1);
    ExecutorService executor = pool.asExecutorService();
    assertThat(executor.isShutdown()).isFalse();
    executor.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.awaitTermination(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    SerializableRunnable nothing = () -> {};
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> executor.submit(nothing));
  }

  @Test
  void awaitTerminationBeforeShutdownJustWaits() throws Exception {
    ExecutorService executor = pool(1).asExecutorService();
    assertThat(executor.awaitTermination(20, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void shutdownNowTerminatesThePool() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    ExecutorService executor = pool.asExecutorService();
    SerializableCallable<String> hanging =
        () -> {
          started.countDown();
          never.await();
          return "released";
        };
    Future<String> future = executor.submit(hanging);
    started.await();
    executor.shutdownNow();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(future.isCancelled()).isTrue();
  }

  @Test
  void whatCannotBeSerializedIsToldAndHarmsNothing() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    AtomicInteger mine = new AtomicInteger();
    Callable<Integer> notSerializable = mine::incrementAndGet;
    Future<Integer> future = pool.asExecutorService().submit(notSerializable);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> future.get(BOUND.toSeconds(), TimeUnit.SECONDS))
        .withCauseInstanceOf(TaskSerializationException.class);
    assertThat(mine).hasValue(0);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }
}
