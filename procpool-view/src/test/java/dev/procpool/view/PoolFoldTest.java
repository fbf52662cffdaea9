package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerInfo;
import dev.procpool.inline.InlinePool;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the fold makes of events and snapshots; time is an argument. */
class PoolFoldTest {

  private static final long TICK = PoolFold.TICK_NANOS;
  private static final PoolEvent.Call CALL = new PoolEvent.Call(3, Optional.of("prices"));

  private final Pool pool = InlinePool.create(1);
  private final PoolFold fold = new PoolFold(pool);
  private final ViewInfo view = new ViewInfo(false);
  private long now;

  PoolFoldTest() {
    view.add(fold);
  }

  @AfterEach
  void end() {
    pool.close();
  }

  // ---------------------------------------------------------------- lanes

  @Test
  void aCellTellsHowMuchOfTheTickAWorkerWorkedAndTheWorstThatHappened() throws Exception {
    ended(0, OutcomeKind.SUCCESS, TICK / 5, TICK / 5);
    ended(1, OutcomeKind.SUCCESS, TICK / 10);
    ended(1, OutcomeKind.FAILURE, TICK / 10);
    ended(1, OutcomeKind.SUCCESS, TICK / 10);
    ended(2, OutcomeKind.TIMED_OUT, 90 * TICK);
    tick(idle(0), idle(1), idle(2), running(4, Duration.ofHours(900)), starting(5));
    tick(idle(0), idle(1), idle(2), running(4, Duration.ofMillis(50)), starting(5));
    JsonNode state = state();
    assertThat(cells(state, 0)).containsExactly(cell(Cell.WORKING, 0.4, true), cell(Cell.IDLE, 0));
    assertThat(cells(state, 1)).containsExactly(cell(Cell.FAILED, 0.3, true), cell(Cell.IDLE, 0));
    assertThat(cells(state, 2)).containsExactly(cell(Cell.TIMED_OUT, 1, true), cell(Cell.IDLE, 0));
    assertThat(cells(state, 4)).containsExactly(cell(Cell.WORKING, 1), cell(Cell.WORKING, 0.2));
    assertThat(cells(state, 5)).containsExactly(cell(Cell.STARTING, 0), cell(Cell.STARTING, 0));
  }

  @Test
  void aLaneGoesOnWithTheWorkerThatTakesItsNumberAndGoesAMinuteAfterTheLast() throws Exception {
    tick(idle(0), idle(1));
    tick(idle(1));
    tick(idle(0), idle(1));
    assertThat(cells(state(), 0)).extracting(Cell::kind).containsExactly(Cell.IDLE, 0, Cell.IDLE);
    for (int i = 0; i < 250; i++) {
      tick(idle(1));
    }
    assertThat(state().get("workers")).hasSize(1);
  }

  @Test
  void theRingsKeepTheLastTicksAndNoMore() throws Exception {
    for (int i = 0; i < Series.TICKS + 10; i++) {
      if (i == 0 || i == 9 || i == 10 || i == Series.TICKS + 9) {
        ended(0, OutcomeKind.SUCCESS, TICK, TICK);
      }
      tick(idle(0));
    }
    JsonNode state = state();
    assertThat(state.get("tick").asInt()).isEqualTo(Series.TICKS + 9);
    assertThat(state.get("first").asInt()).isEqualTo(10);
    assertThat(state.get("series").get("ok")).hasSize(Series.TICKS);
    List<Byte> cells = cells(state, 0);
    assertThat(cells).hasSize(Series.TICKS);
    assertThat(IntStream.range(0, cells.size()).filter(i -> Cell.hasEnded(cells.get(i))))
        .containsExactly(0, Series.TICKS - 1);
  }

  @Test
  void moreWorkersThanLanesCostNoMoreMemory() throws Exception {
    PoolStats.Worker[] many =
        IntStream.range(0, Lanes.MOST + 5).mapToObj(this::idle).toArray(PoolStats.Worker[]::new);
    tick(many);
    JsonNode workers = state().get("workers");
    assertThat(workers).hasSize(Lanes.MOST + 5);
    assertThat(workers.get(Lanes.MOST - 1).get("lane").asText()).isNotEmpty();
    assertThat(workers.get(Lanes.MOST).get("lane").asText()).isEmpty();
  }

  /** So it is of an item that was lost with its machine. */
  @Test
  void aWorkerThatNobodyKnowsHasNoLane() throws Exception {
    Outcome<Object> lost =
        new Outcome.Failure<>(4, 1, Duration.ZERO, 0, new IllegalStateException("lost"));
    PoolEvent.Worker nobody = new PoolEvent.Worker(-1, "m1", 0);
    tick(idle(0));
    fold.itemRetried(
        new PoolEvent.ItemRetry("p", Instant.now(), nobody, CALL, 4, lost, Duration.ZERO));
    tick(idle(0));
    JsonNode state = state();
    assertThat(state.get("workers")).hasSize(1);
    JsonNode failure = state.get("failures").get(0);
    assertThat(failure.has("worker")).isFalse();
    assertThat(failure.has("pid")).isFalse();
    assertThat(failure.get("host").asText()).isEqualTo("m1");
  }

  // ---------------------------------------------------------------- readers

  @Test
  void aReaderIsToldEachTickOnceHoweverLateItComes() throws Exception {
    StateJson late = new StateJson(view, fold, -1);
    StateJson eager = new StateJson(view, fold, -1);
    List<Integer> eagerSaw = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      if (i % 10 == 7) {
        ended(0, OutcomeKind.SUCCESS, TICK);
      }
      tick(idle(0));
      json(eager.next()).get("series").get("ok").forEach(count -> eagerSaw.add(count.asInt()));
    }
    List<Integer> lateSaw = new ArrayList<>();
    json(late.next()).get("series").get("ok").forEach(count -> lateSaw.add(count.asInt()));
    assertThat(lateSaw).hasSize(30).isEqualTo(eagerSaw);
    assertThat(lateSaw.stream().mapToInt(x -> x).sum()).isEqualTo(3);
    JsonNode nothing = json(late.next());
    assertThat(nothing.get("series").get("ok")).isEmpty();
    assertThat(nothing.has("failures")).as("they were told, and nothing is new").isFalse();
  }

  @Test
  void aReaderOfAProgramBeforeIsToldAll() throws Exception {
    tick(idle(0));
    tick(idle(0));
    JsonNode state = json(new StateJson(view, fold, 5_000).next());
    assertThat(state.get("first").asInt()).isZero();
    assertThat(state.get("series").get("ok")).hasSize(2);
  }

  @Test
  void aLimitWithoutEndIsShownLikeAnother() throws Exception {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    TaskOptions options =
        TaskOptions.defaults()
            .timeout(Duration.ofMillis(2_500))
            .stallTimeout(forever)
            .cpuTimeout(forever);
    PoolFold limited = new PoolFold(pool.with(options));
    limited.tick(stats(List.of(), List.of(idle(0))), TICK, TICK);
    JsonNode told = json(new StateJson(view, limited, -1).next()).get("pool").get("options");
    assertThat(told.get("timeout").asDouble()).isEqualTo(2.5);
    assertThat(told.get("stallTimeout").asDouble()).isGreaterThan(1e9);
    assertThat(told.get("cpuTimeout").asDouble()).isGreaterThan(1e9);
  }

  // ---------------------------------------------------------------- failures and ends

  @Test
  void failuresThatDifferInFiguresAreOneWithTheNewestAsExample() throws Exception {
    for (int i = 0; i < 5; i++) {
      failed(i, new IllegalStateException("no price for article " + i));
    }
    failed(9, new IllegalStateException("no article"));
    tick(idle(0));
    JsonNode failures = state().get("failures");
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0).get("message").asText()).isEqualTo("no article");
    JsonNode prices = failures.get(1);
    assertThat(prices.get("count").asInt()).isEqualTo(5);
    assertThat(prices.get("index").asInt()).isEqualTo(4);
    assertThat(prices.get("call").asInt()).isEqualTo(3);
    assertThat(prices.get("label").asText()).isEqualTo("prices");
    assertThat(prices.get("type").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(prices.get("stack").asText()).contains("PoolFoldTest");
  }

  @Test
  void manyFailuresAreCountedNotKept() throws Exception {
    for (int i = 0; i < 100; i++) {
      failed(i, new IllegalStateException("x".repeat(i % 60)));
    }
    tick(idle(0));
    assertThat(state().get("failures")).hasSize(FailureTable.MOST);
    for (int i = 0; i < 1_000; i++) {
      failed(i, new IllegalStateException("the same"));
    }
    tick(idle(0));
    JsonNode state = state();
    assertThat(state.get("failures").get(0).get("count").asInt())
        .isEqualTo(FailureTable.MOST_IN_TICK);
    assertThat(state.get("unsorted").asInt()).isEqualTo(1_000 - FailureTable.MOST_IN_TICK);
  }

  @Test
  void anExceptionThatThrowsWhenItIsAskedHarmsNothing() throws Exception {
    failed(
        1,
        new RuntimeException() {
          private static final long serialVersionUID = 1;

          @Override
          public String getMessage() {
            throw new IllegalStateException("never");
          }
        });
    tick(idle(0));
    assertThat(state().get("failures").get(0).get("message").asText())
        .isEqualTo("(its getMessage threw java.lang.IllegalStateException)");
  }

  @Test
  void endsThatThePoolWantedDontPushOutTheOthers() throws Exception {
    gone(1, WorkerEnd.KILLED);
    for (int i = 0; i < 500; i++) {
      gone(2, WorkerEnd.STOPPED);
    }
    tick(idle(0));
    JsonNode ends = state().get("ends");
    assertThat(ends).hasSize(WorkerEnds.MOST_WANTED + 1);
    assertThat(ends.get(WorkerEnds.MOST_WANTED).get("why").asText()).isEqualTo("KILLED");
  }

  // ---------------------------------------------------------------- calls

  @Test
  void theTimeLeftIsWhatTheLastSecondsPromise() throws Exception {
    for (int i = 0; i <= 40; i++) {
      tick(List.of(new PoolStats.Call(CALL, OptionalLong.of(100), i, 0)), idle(0));
    }
    JsonNode call = state().get("calls").get(0);
    assertThat(call.get("rate").asDouble()).isEqualTo(4);
    assertThat(call.get("left").asDouble()).isEqualTo(15);
  }

  @Test
  void ofManyCallsTheOldestAreShownAndTheOthersCounted() throws Exception {
    List<PoolStats.Call> calls =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    new PoolStats.Call(
                        new PoolEvent.Call(i, Optional.empty()), OptionalLong.empty(), 0, 0))
            .toList();
    tick(calls, idle(0));
    JsonNode state = state();
    assertThat(state.get("openCalls").asInt()).isEqualTo(5_000);
    assertThat(state.get("calls")).hasSize(CallRates.MOST);
    assertThat(state.get("calls").get(0).get("left").asDouble()).isEqualTo(-1);
  }

  // ---------------------------------------------------------------- what is told

  private void ended(int worker, OutcomeKind kind, long... nanos) {
    fold.itemsEnded(new Ended(kind, null, worker, 0, nanos));
  }

  private void failed(long index, Throwable error) {
    Outcome<Object> outcome = new Outcome.Failure<>(index, 1, Duration.ZERO, 7, error);
    fold.itemsEnded(new Ended(OutcomeKind.FAILURE, outcome, 0, index, 10));
  }

  private void gone(int worker, WorkerEnd why) {
    fold.workerEnded(
        new PoolEvent.WorkerGone(
            "p", Instant.now(), named(worker), why, Optional.empty(), 5, Duration.ofSeconds(2)));
  }

  private void tick(PoolStats.Worker... workers) {
    tick(List.of(), workers);
  }

  private void tick(List<PoolStats.Call> calls, PoolStats.Worker... workers) {
    now += TICK;
    fold.tick(stats(calls, List.of(workers)), TICK, now);
  }

  private PoolStats stats(List<PoolStats.Call> calls, List<PoolStats.Worker> workers) {
    Map<OutcomeKind, Long> items = new EnumMap<>(OutcomeKind.class);
    Map<WorkerEnd, Long> ends = new EnumMap<>(WorkerEnd.class);
    PoolStats.Totals totals =
        new PoolStats.Totals(
            items,
            0,
            1,
            ends,
            -1,
            -1,
            0,
            PoolStats.Distribution.NONE,
            PoolStats.Distribution.NONE,
            List.of());
    return new PoolStats(
        "p",
        Instant.now(),
        PoolState.RUNNING,
        false,
        1,
        workers,
        0,
        calls,
        totals,
        PoolStats.Times.NONE);
  }

  private PoolStats.Worker idle(int number) {
    return worker(number, WorkerInfo.State.IDLE, Optional.empty());
  }

  private PoolStats.Worker starting(int number) {
    return worker(number, WorkerInfo.State.STARTING, Optional.empty());
  }

  private PoolStats.Worker running(int number, Duration running) {
    return worker(
        number,
        WorkerInfo.State.BUSY,
        Optional.of(new PoolStats.Item(CALL, 1, 1, running, Optional.empty())));
  }

  private static PoolStats.Worker worker(
      int number, WorkerInfo.State state, Optional<PoolStats.Item> item) {
    WorkerInfo info =
        new WorkerInfo(number, 7, state, 0, Instant.now(), OptionalLong.empty(), () -> "");
    return new PoolStats.Worker(info, item);
  }

  private static PoolEvent.Worker named(int number) {
    return new PoolEvent.Worker(number, "here", 7);
  }

  private JsonNode state() throws Exception {
    return json(new StateJson(view, fold, -1).next());
  }

  private static JsonNode json(byte[] text) throws Exception {
    return new JsonMapper().readTree(text);
  }

  private static List<Byte> cells(JsonNode state, int worker) {
    for (JsonNode one : state.get("workers")) {
      if (one.get("n").asInt() == worker) {
        byte[] cells = Base64.getDecoder().decode(one.get("lane").asText());
        return IntStream.range(0, cells.length).mapToObj(i -> cells[i]).toList();
      }
    }
    throw new AssertionError("no worker " + worker + " in " + state);
  }

  private static byte cell(int kind, double share) {
    return cell(kind, share, false);
  }

  private static byte cell(int kind, double share, boolean hasEnded) {
    return Cell.of(kind, share, hasEnded);
  }

  /** Items that have ended together. */
  private record Ended(
      OutcomeKind kind, Outcome<?> failed, int workerNumber, long firstIndex, long... nanos)
      implements PoolEvent.ItemsEnd {

    @Override
    public String pool() {
      return "p";
    }

    @Override
    public Instant at() {
      return Instant.now();
    }

    @Override
    public PoolEvent.Call call() {
      return CALL;
    }

    @Override
    public Optional<Outcome<?>> outcome() {
      return Optional.ofNullable(failed);
    }

    @Override
    public int attempts() {
      return 1;
    }

    @Override
    public Optional<PoolEvent.Worker> worker() {
      return Optional.of(named(workerNumber));
    }

    @Override
    public int size() {
      return nanos.length;
    }

    @Override
    public long index(int i) {
      return firstIndex + i;
    }

    @Override
    public long runNanos(int i) {
      return nanos[i];
    }

    @Override
    public long waitNanos() {
      return -1;
    }

    @Override
    public long sentBytes() {
      return -1;
    }

    @Override
    public long receivedBytes() {
      return -1;
    }
  }
}
