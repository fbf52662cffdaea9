package dev.procpool.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.call.Leftovers;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool in the place of an executor service. */
class ExecutorServiceTest {

  /** A callable that can cross. */
  private interface PoolCall extends Callable<Integer>, Serializable {}

  private static CountDownLatch ran = new CountDownLatch(1);

  private final Pool pool = InlinePool.create(2);
  private final ExecutorService executor = pool.asExecutorService();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    executor.shutdownNow();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    Leftovers.assertNoThread("procpool-inline-");
  }

  private static PoolCall giving(int value) {
    return () -> value;
  }

  private static PoolCall failing(String message) {
    return () -> {
      throw new IOException(message);
    };
  }

  private static PoolCall hanging() {
    return () -> {
      new CountDownLatch(1).await();
      return 0;
    };
  }

  @Test
  void callablesAndRunnablesRunInWorkers() throws Exception {
    assertThat(executor.submit(giving(3)).get()).isEqualTo(3);
    ran = new CountDownLatch(2);
    Object token = new Object();
    Runnable count = (Runnable & Serializable) () -> ran.countDown();
    assertThat(executor.submit(count, token).get()).isSameAs(token);
    executor.execute(count);
    assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatCanNotCrossIsRefused() {
    Object captured = new Object();
    assertThatThrownBy(() -> executor.submit((PoolCall) () -> captured.hashCode()))
        .isInstanceOf(RejectedExecutionException.class)
        .cause()
        .isInstanceOf(TaskSerializationException.class);
    assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, executor))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("a future of this JVM");
    assertThatThrownBy(() -> executor.execute(() -> System.out.println(captured)))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("not Serializable");
  }

  @Test
  void invokeAllGivesFuturesThatAreDone() throws Exception {
    List<Future<Integer>> futures =
        executor.invokeAll(List.of(giving(1), failing("two"), giving(3)));
    assertThat(futures).allMatch(Future::isDone);
    assertThat(futures.get(0).get()).isEqualTo(1);
    assertThatThrownBy(() -> futures.get(1).get()).cause().hasMessage("two");
    assertThat(futures.get(2).get()).isEqualTo(3);
  }

  @Test
  void invokeAllCancelsWhatIsNotDoneInTime() throws Exception {
    List<Future<Integer>> futures =
        executor.invokeAll(List.of(hanging()), 1, TimeUnit.MILLISECONDS);
    assertThat(futures.get(0).isCancelled()).isTrue();
  }

  @Test
  void invokeAnyGivesTheFirstSuccess() throws Exception {
    assertThat(executor.invokeAny(List.of(failing("one"), giving(2), hanging()))).isEqualTo(2);
    assertThatThrownBy(() -> executor.invokeAny(List.of(failing("one"))))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessage("one");
    assertThatThrownBy(() -> executor.invokeAny(List.of(hanging()), 1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> executor.invokeAny(new ArrayList<PoolCall>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itSharesThePoolsLife() throws Exception {
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    executor.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThatThrownBy(() -> executor.submit(giving(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
  }
}
