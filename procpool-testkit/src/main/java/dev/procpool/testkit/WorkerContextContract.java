package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: what {@link WorkerContext#current()} tells a task. */
public abstract class WorkerContextContract extends ContractTest {

  /** For subclasses. */
  protected WorkerContextContract() {}

  @Test
  void aTaskKnowsItsItemsIndexWhateverTheChunkSize() throws Exception {
    Pool pool = pool(2);
    List<Long> indices = IntStream.range(0, 25).mapToObj(Long::valueOf).toList();
    for (int chunkSize : new int[] {1, 10}) {
      assertThat(
              pool.with(TaskOptions.defaults().chunkSize(chunkSize))
                  .map(x -> WorkerContext.current().itemIndex(), indices))
          .isEqualTo(indices);
    }
    assertThat(pool.apply(() -> WorkerContext.current().itemIndex())).isZero();
  }

  @Test
  void aTaskKnowsItsAttempt() throws Exception {
    assertThat(pool(1).apply(() -> WorkerContext.current().attempt())).isEqualTo(1);
  }

  @Test
  void aTaskKnowsItsWorkersNumber() throws Exception {
    Pool pool = pool(2);
    List<FileLatch> arrived = List.of(latch("arrived-0"), latch("arrived-1"));
    List<Integer> numbers =
        pool.map(
            i -> {
              arrived.get(i).countDown();
              arrived.get(1 - i).await();
              return WorkerContext.current().workerNumber();
            },
            List.of(0, 1));
    assertThat(numbers).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void aTaskSeesThatItWasCancelled() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLog seen = log("seen");
    AsyncResult<Object> result =
        pool.applyAsync(
            () -> {
              WorkerContext context = WorkerContext.current();
              seen.add(context.isCancelled());
              started.countDown();
              try {
                new FileLatch("/nonexistent/never").await();
              } catch (InterruptedException e) {
                seen.add(context.isCancelled());
              }
              return nothing();
            });
    started.await();
    result.cancel(true);
    Eventually.until("the task was interrupted", () -> seen.size() == 2);
    assertThat(seen.lines()).containsExactly("false", "true");
    assertThat(pool.apply(() -> WorkerContext.current().isCancelled())).isFalse();
  }

  @Test
  void whatATaskLeavesInItsWorkerTheNextTasksFind() throws Exception {
    Pool pool = pool(1);
    pool.apply(
        () -> {
          WorkerContext.current().setState(StringBuilder.class, new StringBuilder("left"));
          return nothing();
        });
    for (int time = 0; time < 3; time++) {
      pool.apply(WorkerContextContract::appendPlus);
    }
    assertThat(pool.apply(() -> WorkerContext.current().state(StringBuilder.class).toString()))
        .isEqualTo("left+++");
  }

  private static Object appendPlus() {
    WorkerContext.current().state(StringBuilder.class).append('+');
    return nothing();
  }

  @Test
  void eachWorkerHasAStateOfItsOwn() throws Exception {
    Pool pool = pool(2);
    List<FileLatch> left = List.of(latch("left-0"), latch("left-1"));
    List<String> found =
        pool.map(
            i -> {
              WorkerContext.current().setState(String.class, "of " + i);
              left.get(i).countDown();
              left.get(1 - i).await();
              return WorkerContext.current().state(String.class);
            },
            List.of(0, 1));
    assertThat(found).containsExactly("of 0", "of 1");
  }

  @Test
  void stateThatNobodyLeftIsAnIllegalState() {
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> WorkerContext.current().state(Thread.class)))
        .havingCause()
        .isInstanceOf(IllegalStateException.class)
        .withMessageContaining(Thread.class.getName());
  }

  @Test
  void itemsThatAskForAnotherWorkerKeepTheirOutcomesAndCostNoOther() throws Exception {
    Pool pool = pool(2);
    FileLog runs = log("runs");
    List<Integer> items = IntStream.range(0, 12).boxed().toList();
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().chunkSize(6))
            .mapAsync(
                x -> {
                  runs.add(x);
                  if (x % 5 == 0) {
                    WorkerContext.current().replaceWorker();
                    WorkerContext.current().replaceWorker(); // again is no more
                  }
                  if (x == 10) {
                    throw new IllegalStateException("after that");
                  }
                  return 2 * x;
                },
                items)
            .outcomes();
    assertThat(runs.lines())
        .containsExactlyInAnyOrderElementsOf(items.stream().map(String::valueOf).toList());
    assertThat(outcomes).allMatch(outcome -> outcome.attempts() == 1);
    assertThat(outcomes.get(10).failure().orElseThrow())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("after that");
    assertThat(outcomes.stream().filter(Outcome::isSuccess).map(Outcome::valueOrThrow))
        .containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 22);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void outsideATaskThereIsNoContext() {
    assertThatIllegalStateException()
        .isThrownBy(WorkerContext::current)
        .withMessageContaining("outside a task");
  }
}
