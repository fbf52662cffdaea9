package dev.procpool.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What is promised to those who write workers; what their users are promised is in the contract
 * suite. The workers here do what the test says.
 */
class ItemBackendTest {

  private static final Duration SAFETY = Duration.ofMinutes(1);

  private final List<ScriptedWorker> made = new CopyOnWriteArrayList<>();
  private final BlockingQueue<ItemAttempt<Object, Object>> started = new LinkedBlockingQueue<>();

  /** Keeps its items until the test ends them. */
  private class ScriptedWorker implements ItemWorker {
    final int number;
    volatile int ends;

    ScriptedWorker(int number) {
      this.number = number;
      made.add(this);
    }

    @Override
    public WorkerName name() {
      return WorkerName.of("farm", 100 + made.indexOf(this));
    }

    @Override
    public void start(ItemAttempt<Object, Object> attempt) throws IOException {
      started.add(attempt);
    }

    @Override
    public void end() {
      ends++;
    }
  }

  private static Pool pool(int workers, IntFunction<ItemWorker> maker) {
    return BackendPool.of("items", new ItemBackend("items", workers, maker), OnClose.TERMINATE);
  }

  private ItemAttempt<Object, Object> next() throws InterruptedException {
    ItemAttempt<Object, Object> attempt = started.poll(SAFETY.toSeconds(), TimeUnit.SECONDS);
    assertThat(attempt).isNotNull();
    return attempt;
  }

  private static WorkerExit killed(ItemAttempt<?, ?> attempt) {
    WorkerName name = attempt.soFar().worker();
    return new WorkerExit(
        name.pid(),
        name.host(),
        137,
        WorkerExit.Reason.KILLED,
        "SIGKILL",
        List.of(),
        null,
        List.of());
  }

  @Test
  void aWorkerElsewhereReportsWhatCameOfItsItem() throws Exception {
    try (Pool pool = pool(1, ScriptedWorker::new)) {
      MapResult<Integer> result = pool.mapAsync(x -> x, List.of(7, 8));
      ItemAttempt<Object, Object> first = next();
      assertThat(first.item()).isEqualTo(7);
      assertThat(first.index()).isZero();
      assertThat(first.number()).isEqualTo(1);
      PoolStats.Item runs = pool.stats().workers().get(0).item().orElseThrow();
      assertThat(runs.index()).isZero();
      first.end(first.soFar().succeeded(70));
      first.end(first.soFar().succeeded(71)); // the first end counts
      assertThat(first.isOver()).isTrue();
      ItemAttempt<Object, Object> second = next();
      second.end(second.soFar().failed(new IOException("refused")));
      List<Outcome<Integer>> outcomes = result.outcomes();
      assertThat(outcomes.get(0).valueOrThrow()).isEqualTo(70);
      assertThat(outcomes.get(0).host()).isEqualTo("farm");
      assertThat(outcomes.get(0).workerPid()).isEqualTo(100);
      assertThat(outcomes.get(1).failure().orElseThrow()).hasMessage("refused");
      assertThat(made).hasSize(1);
    }
    assertThat(made.get(0).ends).isEqualTo(1);
  }

  @Test
  void aWorkerThatIsLostIsReplacedUnderItsNumber() throws Exception {
    try (Pool pool = pool(1, ScriptedWorker::new)) {
      Pool trying = pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2).onWorkerLost()));
      MapResult<Integer> result = trying.mapAsync(x -> x, List.of(1));
      ItemAttempt<Object, Object> first = next();
      first.end(first.soFar().lost(killed(first)));
      ItemAttempt<Object, Object> second = next();
      assertThat(second.number()).isEqualTo(2);
      assertThat(second.soFar().worker().pid()).isEqualTo(101);
      second.end(second.soFar().succeeded(1));
      assertThat(result.get()).containsExactly(1);
      assertThat(made).extracting(worker -> worker.number).containsExactly(0, 0);
      assertThat(made).extracting(worker -> worker.ends).containsExactly(1, 0);
      assertThat(pool.stats().totals().workerEnds()).containsEntry(WorkerEnd.KILLED, 1L);
      assertThat(pool.stats().totals().retries()).isEqualTo(1);
    }
  }

  @Test
  void aTaskMayAskForAnotherWorkerAfterIt() throws Exception {
    try (Pool pool = pool(1, ScriptedWorker::new)) {
      MapResult<Integer> result =
          pool.mapAsync(
              x -> {
                WorkerContext.current().replaceWorker();
                return 10 * x;
              },
              List.of(1, 2));
      next().run();
      next().run();
      assertThat(result.get()).containsExactly(10, 20);
      assertThat(made).extracting(worker -> worker.ends).containsExactly(1, 1);
      assertThat(pool.stats().totals().workerEnds()).containsEntry(WorkerEnd.STOPPED, 2L);
    }
  }

  @Test
  void anItemAtItsLimitHasItsOutcomeThoughItsWorkerIsDeaf() throws Exception {
    try (Pool pool = pool(1, ScriptedWorker::new)) {
      Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(1)));
      Outcome<Integer> outcome = limited.mapAsync(x -> x, List.of(1)).outcomes().get(0);
      assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
      ItemAttempt<Object, Object> deaf = next();
      assertThat(deaf.isOver()).isTrue();
      assertThat(made.get(0).ends).isEqualTo(1);
      deaf.end(deaf.soFar().succeeded(1)); // too late: nobody is told
      MapResult<Integer> after = pool.mapAsync(x -> x, List.of(2));
      ItemAttempt<Object, Object> next = next();
      assertThat(next.soFar().worker().pid()).isEqualTo(101);
      next.end(next.soFar().succeeded(2));
      assertThat(after.get()).containsExactly(2);
    }
  }

  @Test
  void whereNoWorkerCanBeMadeOrStartedTheItemFailsAndTheNextGetsAnother() throws Exception {
    try (Pool pool =
        pool(
            1,
            number -> {
              if (made.isEmpty()) {
                new ScriptedWorker(number);
                throw new IllegalStateException("no host");
              }
              return new ScriptedWorker(number) {
                @Override
                public void start(ItemAttempt<Object, Object> attempt) throws IOException {
                  if (made.size() == 2) {
                    throw new IOException("connection refused");
                  }
                  attempt.run();
                }

                @Override
                public void end() {
                  throw new IllegalStateException("an end's fault");
                }
              };
            })) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("no host");
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("connection refused");
      assertThat(pool.apply(() -> WorkerContext.current().workerNumber())).isZero();
      assertThat(pool.stats().totals().workerEnds()).containsEntry(WorkerEnd.START_FAILED, 2L);
    }
  }

  @Test
  void aWorkerThatRunsItsItemWithinStartHarmsNothing() throws Exception {
    try (Pool pool =
        pool(
            1,
            number ->
                new ScriptedWorker(number) {
                  @Override
                  public void start(ItemAttempt<Object, Object> attempt) {
                    attempt.run();
                  }
                })) {
      List<Integer> items = IntStream.range(0, 10_000).boxed().toList();
      assertThat(pool.map(x -> x, items)).isEqualTo(items);
    }
  }

  @Test
  void prestartMakesTheWorkersThatElseWaitForItems() {
    try (Pool pool = pool(3, ScriptedWorker::new)) {
      assertThat(made).isEmpty();
      pool.prestart();
      assertThat(pool.workers()).hasSize(3);
      assertThatThrownBy(() -> pool.workers().get(0).threadDump())
          .hasMessage("the workers of this backend make no thread dumps");
      pool.resize(1);
      assertThat(made).extracting(worker -> worker.ends).containsOnlyOnce(0);
    }
    assertThat(made).extracting(worker -> worker.ends).containsExactly(1, 1, 1);
  }

  @Test
  void aSharedValueGoesToAnotherJvmWithItsHandle() throws Exception {
    try (Pool pool = pool(1, ScriptedWorker::new)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(pool.share("value"));
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(((Shared<?>) in.readObject()).get()).isEqualTo("value");
      }
    }
  }

  @Test
  void aMakerThatGivesNothingIsNamed() {
    try (Pool pool = pool(1, number -> null)) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .hasRootCauseMessage("the maker of workers gave null for worker 0");
    }
  }

  @Test
  void aBackendHasAtLeastOneWorker() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ItemBackend("none", 0, ScriptedWorker::new))
        .withMessage("workers must be at least 1, was 0");
  }
}
