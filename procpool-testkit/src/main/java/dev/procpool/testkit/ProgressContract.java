package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procpool.AsyncResult;
import dev.procpool.LimitKind;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.Progress;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Long items: how far they have come, {@link TaskOptions#stallTimeout} and {@link
 * TaskOptions#cpuTimeout}.
 */
public abstract class ProgressContract extends ContractTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  /** Where an item has to say something within it, on a busy machine. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  /** For subclasses. */
  protected ProgressContract() {}

  @Test
  void anItemThatSaysNothingForSoLongIsStopped() throws Exception {
    FileLatch never = latch("never");
    Pool limited = pool(2).with(TaskOptions.defaults().stallTimeout(AMPLE));
    List<Outcome<Integer>> outcomes =
        limited
            .mapAsync(
                x -> {
                  WorkerContext.current().progress(0.25, "begun " + x);
                  return x == 1 ? hang(never) : x;
                },
                List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    Outcome.TimedOut<Integer> stalled = (Outcome.TimedOut<Integer>) outcomes.get(1);
    assertThat(stalled.kind()).isEqualTo(LimitKind.STALL);
    assertThat(stalled.limit()).isEqualTo(AMPLE);
    assertThat(stalled.duration()).isGreaterThanOrEqualTo(AMPLE);
    assertThat(stalled.stack()).extracting(StackTraceElement::getMethodName).contains("hang");
    assertThat(stalled.progress()).contains(new Progress(0.25, "begun 1"));
    assertThat(stalled.failure().orElseThrow())
        .isExactlyInstanceOf(TaskTimeoutException.class)
        .hasMessageStartingWith(
            "item 1 reported no progress for longer than its stall limit of 2000 ms;"
                + " a task that gets on says so with WorkerContext.current().progress()");
    assertThat(outcomes.get(0).progress()).isEmpty();
  }

  @Test
  void anItemThatGetsOnMayRunForLongerThanItsStallLimit() throws Exception {
    Pool limited = pool(1).with(TaskOptions.defaults().stallTimeout(AMPLE));
    assertThat(limited.apply(ProgressContract::getOnFor, AMPLE.plusSeconds(1))).isTrue();
  }

  @Test
  void anItemThatGetsOnRunsIntoItsTimeLimitAllTheSame() throws Exception {
    Pool limited = pool(1).with(TaskOptions.defaults().stallTimeout(BOUND).timeout(AMPLE));
    Outcome<Boolean> outcome =
        limited.mapAsync(ProgressContract::getOnFor, List.of(BOUND)).outcomes().get(0);
    assertThat(((Outcome.TimedOut<Boolean>) outcome).kind()).isEqualTo(LimitKind.RUN_TIME);
  }

  @Test
  void anItemThatStallsAndHeedsNoInterruptIsStoppedAllTheSame() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    MapResult<Integer> stalled =
        pool.with(TaskOptions.defaults().stallTimeout(SHORT))
            .mapAsync(x -> spin(never), List.of(0));
    AsyncResult<Integer> next = pool.applyAsync(() -> 1); // without a limit: it may start slowly
    assertThat(((Outcome.TimedOut<Integer>) stalled.outcomes().get(0)).kind())
        .isEqualTo(LimitKind.STALL);
    assertThat(next.get()).isEqualTo(1);
    never.countDown(); // a thread that can't be killed ends
  }

  @Test
  void anItemThatTakesTooMuchProcessorTimeIsStopped() throws Exception {
    FileLatch never = latch("never");
    Pool limited = pool(1).with(TaskOptions.defaults().cpuTimeout(SHORT));
    List<Outcome<Integer>> outcomes =
        limited.mapAsync(x -> x == 0 ? spin(never) : x, List.of(0, 1)).outcomes();
    Outcome.TimedOut<Integer> spinning = (Outcome.TimedOut<Integer>) outcomes.get(0);
    assertThat(spinning.kind()).isEqualTo(LimitKind.CPU_TIME);
    assertThat(spinning.limit()).isEqualTo(SHORT);
    assertThat(spinning.failure().orElseThrow())
        .hasMessageStartingWith("item 0 took more processor time than its limit of 300 ms");
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
    never.countDown();
  }

  @Test
  void anItemThatWaitsTakesNoProcessorTime() throws Exception {
    Pool limited = pool(1).with(TaskOptions.defaults().cpuTimeout(AMPLE));
    assertThat(
            limited.apply(
                () -> {
                  TimeUnit.MILLISECONDS.sleep(AMPLE.toMillis() + 500);
                  return 7;
                }))
        .isEqualTo(7);
  }

  @Test
  void howFarAnItemHasComeIsSeenWhileItRuns() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    var result =
        pool.mapAsync(
            x -> {
              WorkerContext.current().progress(0.5, "page 2\nof 4");
              release.await();
              return x;
            },
            List.of(7));
    Eventually.until(
        "the worker says how far it is",
        () -> pool.workers().stream().anyMatch(w -> w.progress().isPresent()));
    WorkerInfo worker = pool.workers().get(0);
    assertThat(worker.progress().orElseThrow().fraction()).isEqualTo(0.5);
    assertThat(worker.progress().orElseThrow().note()).startsWith("page 2").endsWith("of 4");
    assertThat(worker.toString()).contains(", at 50 %: page 2");
    PoolStats.Item item = pool.stats().workers().get(0).item().orElseThrow();
    assertThat(item.progress()).isEqualTo(worker.progress());
    release.countDown();
    assertThat(result.get()).containsExactly(7);
    Eventually.until(
        "nothing is said of it any more",
        () -> pool.workers().stream().noneMatch(w -> w.progress().isPresent()));
  }

  @Test
  void anItemThatFailsSaysHowFarItHadCome() throws Exception {
    List<Outcome<Object>> outcomes =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(3))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    WorkerContext.current().progress(0.1, "first");
                    WorkerContext.current().progress(1, "last");
                  }
                  throw new IllegalStateException("of " + x);
                },
                List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes)
        .extracting(Outcome::progress)
        .containsExactly(Optional.empty(), Optional.of(new Progress(1, "last")), Optional.empty());
  }

  @Test
  void anItemThatIsLostWithItsWorkerSaysHowFarItHadCome() throws Exception {
    Assumptions.assumeTrue(backend().isolatesProcesses());
    Outcome<Integer> lost =
        pool(1)
            .mapAsync(
                x -> {
                  WorkerContext.current().progress(0.75, "the bad page");
                  Runtime.getRuntime().halt(3);
                  return x;
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(lost).isInstanceOf(Outcome.WorkerLost.class);
    assertThat(lost.progress()).contains(new Progress(0.75, "the bad page"));
  }

  @Test
  void otherThreadsOfATaskMaySayIt() throws Exception {
    Pool limited = pool(1).with(TaskOptions.defaults().stallTimeout(AMPLE));
    Outcome<Object> outcome =
        limited
            .mapAsync(
                x -> {
                  WorkerContext context = WorkerContext.current();
                  Thread helper = new Thread(() -> context.progress(0.5, "by a helper"));
                  helper.start();
                  helper.join();
                  throw new IllegalStateException("then this");
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(outcome.progress()).contains(new Progress(0.5, "by a helper"));
  }

  @Test
  void observersAreTold() throws Exception {
    EventLog log = new EventLog();
    Optional<Pool> observed = backend().create(1, List.of(log));
    Assumptions.assumeTrue(observed.isPresent());
    Pool pool = endedAfterTest(observed.get());
    FileLatch release = latch("release");
    var result =
        pool.with(TaskOptions.defaults().label("long"))
            .applyAsync(
                () -> {
                  WorkerContext.current().progress(0.5, "half");
                  release.await();
                  return 1;
                });
    Eventually.until("the observer is told", () -> !log.of(PoolEvent.ItemProgress.class).isEmpty());
    PoolEvent.ItemProgress event = log.of(PoolEvent.ItemProgress.class).get(0);
    assertThat(event.progress()).isEqualTo(new Progress(0.5, "half"));
    assertThat(event.call().label()).contains("long");
    assertThat(event.index()).isZero();
    assertThat(event.attempt()).isEqualTo(1);
    release.countDown();
    assertThat(result.get()).isEqualTo(1);
  }

  @Test
  void observersAreToldOfEachItemThatSaysTheSame() throws Exception {
    EventLog log = new EventLog();
    Optional<Pool> observed = backend().create(1, List.of(log));
    Assumptions.assumeTrue(observed.isPresent());
    Pool pool = endedAfterTest(observed.get());
    for (long index = 0; index < 2; index++) {
      long item = index;
      FileLatch release = latch("release-" + index);
      var result =
          pool.mapAsync(
              x -> {
                WorkerContext.current().progress(0.5, "half");
                if (x == item) {
                  release.await();
                }
                return x;
              },
              List.of(0L, 1L));
      Eventually.until(
          "the observer is told of item " + index,
          () ->
              log.of(PoolEvent.ItemProgress.class).stream()
                  .anyMatch(event -> event.index() == item));
      release.countDown();
      result.get();
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedInTheTask() throws Exception {
    pool(1)
        .apply(
            () -> {
              WorkerContext context = WorkerContext.current();
              for (double fraction : new double[] {-0.1, 1.1, Double.NaN}) {
                assertThatIllegalArgumentException()
                    .isThrownBy(() -> context.progress(fraction, ""))
                    .withMessage("fraction must be from 0 to 1, was " + fraction);
              }
              assertThatNullPointerException().isThrownBy(() -> context.progress(0, nothing()));
              return 0;
            });
  }

  private static int hang(FileLatch never) throws Exception {
    never.await();
    throw new AssertionError("opened " + never);
  }

  /** Takes a processor, whatever interrupts it. */
  private static int spin(FileLatch never) {
    long looks = 0;
    while (++looks % 1_000_000 != 0 || !never.isOpen()) {
      Thread.interrupted();
    }
    return 0;
  }

  /** Says that it gets on, for so long. */
  private static boolean getOnFor(Duration time) throws InterruptedException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < time.toNanos()) {
      WorkerContext.current().progress();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }
}
