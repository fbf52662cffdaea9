package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
  void whatCannotBeSerializedIsRefusedAtOnce() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    ExecutorService executor = pool.asExecutorService();
    AtomicInteger mine = new AtomicInteger();
    Callable<Integer> callable = mine::incrementAndGet;
    Runnable runnable = mine::incrementAndGet;
    Object local = new Object();
    SerializableCallable<String> capturing = () -> String.valueOf(local);
    SerializableRunnable capturingToo = () -> mine.addAndGet(local.hashCode());
    FileLog runs = log("runs");
    SerializableCallable<Integer> harmless =
        () -> {
          runs.add("harmless");
          return 1;
        };
    Map<String, ThrowingCallable> ways =
        Map.of(
            "submit(Callable)", () -> executor.submit(callable),
            "submit(Runnable)", () -> executor.submit(runnable),
            "submit(Runnable, T)", () -> executor.submit(runnable, 1),
            "execute", () -> executor.execute(runnable),
            "invokeAll", () -> executor.invokeAll(List.of(harmless, callable)),
            "invokeAny", () -> executor.invokeAny(List.of(harmless, callable)),
            "supplyAsync", () -> CompletableFuture.supplyAsync(() -> 1, executor),
            "runAsync", () -> CompletableFuture.runAsync(() -> {}, executor),
            "completion service",
                () -> new ExecutorCompletionService<Integer>(executor).submit(harmless),
            "a future", () -> executor.execute(new FutureTask<>(harmless)));
    ways.forEach(
        (name, way) ->
            assertThatExceptionOfType(RejectedExecutionException.class)
                .as(name)
                .isThrownBy(way)
                .withMessageContaining("pool.applyAsync(f, a).toCompletableFuture()")
                .withMessageContaining("java.io.Serializable"));
    for (ThrowingCallable captured :
        List.<ThrowingCallable>of(
            () -> executor.submit(capturing),
            () -> executor.submit(capturingToo),
            () -> executor.execute(capturingToo))) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(captured)
          .withMessageContaining("java.lang.Object")
          .withCauseInstanceOf(TaskSerializationException.class);
    }
    assertThat(mine).hasValue(0);
    assertThat(runs.size()).as("nothing of a refused collection has run").isZero();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aResultThatCannotBeSerializedIsNoRefusal() {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    SerializableCallable<Object> callable = Object::new;
    Future<Object> future = pool(1).asExecutorService().submit(callable);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(future::get)
        .withCauseInstanceOf(TaskSerializationException.class);
  }

  @Test
  void whoeverIsNotWaitedForStops() throws Exception {
    Pool pool = pool(2);
    ExecutorService executor = pool.asExecutorService();
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    SerializableCallable<Integer> hanging =
        () -> {
          started.countDown();
          never.await();
          return 0;
        };
    SerializableCallable<Integer> quick =
        () -> {
          started.await();
          return 1;
        };
    assertThat(executor.invokeAny(List.of(hanging, quick))).isEqualTo(1);
    assertThat(bothWorkersAnswer(pool, "any")).containsExactly(1, 2);

    List<Future<Integer>> futures =
        executor.invokeAll(List.of(hanging, hanging), 1, TimeUnit.MILLISECONDS);
    assertThat(futures).hasSize(2).allMatch(Future::isCancelled);
    assertThat(bothWorkersAnswer(pool, "all")).containsExactly(1, 2);

    SerializableRunnable alsoHanging = () -> Interruption.rethrown(never::await);
    Future<String> withResult = executor.submit(alsoHanging, "result");
    assertThat(withResult.cancel(true)).isTrue();
    assertThat(withResult.isCancelled()).isTrue();
    assertThat(bothWorkersAnswer(pool, "cancelled")).containsExactly(1, 2);
  }

  /** Two items that only end together. */
  private List<Integer> bothWorkersAnswer(Pool pool, String name) throws Exception {
    FileLatch first = latch("first-" + name);
    FileLatch second = latch("second-" + name);
    return pool.with(TaskOptions.defaults().chunkSize(1))
        .map(
            x -> {
              (x == 1 ? first : second).countDown();
              (x == 1 ? second : first).await();
              return x;
            },
            List.of(1, 2));
  }
}
