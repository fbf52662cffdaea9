package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolStats.Distribution;
import dev.procpool.PoolStats.SlowItem;
import dev.procpool.PoolStats.Times;
import dev.procpool.PoolStats.Totals;
import dev.procpool.PoolStats.WorkerTime;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each rule of advice by itself: the figures above its threshold, and below. */
class StatsAdviceTest {

  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;

  /** What a pool's statistics say, where a test says nothing else: a second of work, well used. */
  private static final class Figures {
    private int target = 1;
    private long items = 1000;
    private long cancelled;
    private long starts;
    private long initializers;
    private long work = S;
    private long input;
    private long output;
    private long tail;
    private long rest;
    private long handover;
    private int processes = 1;
    private long calls = S;
    private long chunks = 1000;
    private int maxTasks;
    private long sent = 1000;
    private long received = 1000;
    private long dropped;
    private Distribution runs = new Distribution(1000, MS, 2 * MS, 3 * MS, 4 * MS);
    private List<SlowItem> slowest = List.of();
    private final Map<WorkerEnd, Long> ends = new EnumMap<>(WorkerEnd.class);

    private PoolStats stats() {
      Totals totals =
          new Totals(
              Map.of(OutcomeKind.SUCCESS, items, OutcomeKind.CANCELLED, cancelled),
              0,
              processes,
              ends,
              sent,
              received,
              dropped,
              runs,
              Distribution.NONE,
              slowest);
      WorkerTime worker =
          new WorkerTime(
              0, processes, starts, initializers, work, input, output, tail, rest, handover);
      return new PoolStats(
          "p",
          Instant.EPOCH,
          PoolState.RUNNING,
          false,
          target,
          List.of(),
          0,
          List.of(),
          totals,
          new Times(List.of(worker), calls, chunks, maxTasks));
    }

    private List<String> advice() {
      return stats().advice();
    }
  }

  @Test
  void aPoolThatWorksAllTheTimeGetsNone() {
    assertThat(new Figures().advice()).isEmpty();
  }

  @Test
  void timeWithoutCallsCountsAsNothing() {
    Figures figures = new Figures();
    figures.rest = 100 * S;
    assertThat(figures.advice()).isEmpty();
    figures.input = 4 * S;
    figures.calls = 5 * S;
    assertThat(figures.advice()).singleElement().asString().contains("80 % of the time for input");
  }

  @Test
  void waitingForInputNamesTheRateOfTheSource() {
    Figures figures = new Figures();
    figures.work = 3800 * MS;
    figures.input = 6200 * MS;
    figures.calls = 10 * S;
    figures.items = 8000;
    figures.target = 4;
    assertThat(figures.advice())
        .containsExactly(
            "Workers waited 62 % of the time for input: the source makes 800 items/s. Make it"
                + " faster, or have fewer workers: 1 would keep up.");
    figures.target = 1;
    assertThat(figures.advice())
        .as("fewer than one there are not")
        .containsExactly(
            "Workers waited 62 % of the time for input: the source makes 800 items/s. Make it"
                + " faster.");
    figures.cancelled = 70_000;
    assertThat(figures.advice()).singleElement().asString().contains("makes 800 items/s");
    figures.input = 900 * MS;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void waitingForOutputNamesTheRateOfTheConsumer() {
    Figures figures = new Figures();
    figures.output = S;
    figures.calls = 2 * S;
    assertThat(figures.advice())
        .singleElement()
        .asString()
        .contains("50 % of the time for output", "taken at 500 items/s", "lookAhead");
    figures.output = 100 * MS;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void startsAreBlamedOnTheOptionThatAsksForThem() {
    Figures figures = new Figures();
    figures.work = 7700 * MS;
    figures.starts = 1000 * MS;
    figures.initializers = 1300 * MS;
    figures.processes = 100;
    figures.maxTasks = 10;
    figures.ends.put(WorkerEnd.STOPPED, 99L);
    assertThat(figures.advice())
        .containsExactly(
            "23 % of the time went into starting workers (13 % into their initializer):"
                + " maxTasksPerWorker is 10, so 99 were started again. Raise it, or keep"
                + " spareWorkers.");
    figures.maxTasks = 0;
    assertThat(figures.advice()).singleElement().asString().contains("idleTimeout");
    figures.ends.put(WorkerEnd.KILLED, 99L);
    assertThat(figures.advice())
        .singleElement()
        .asString()
        .contains("99 of 100 ended in the middle");
  }

  @Test
  void aPoolMadeForLittleWorkIsToldSo() {
    Figures figures = new Figures();
    figures.starts = 2 * S;
    assertThat(figures.advice())
        .singleElement()
        .asString()
        .contains("67 % of the time went into starting workers", "Keep the pool for more calls");
    figures.starts = 900 * MS;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void anItemThatHoldsUpItsCallIsNamed() {
    Figures figures = new Figures();
    figures.tail = 3 * S;
    figures.calls = 4 * S;
    assertThat(figures.advice())
        .singleElement()
        .asString()
        .contains("75 % of the time", "calls of more items");
    figures.slowest =
        List.of(new SlowItem(new PoolEvent.Call(3, Optional.of("resize")), 17, 3 * S));
    assertThat(figures.advice())
        .singleElement()
        .asString()
        .contains("resize[17], ran 3 s: begin with such items");
  }

  @Test
  void smallItemsAreToldApartFromSmallChunks() {
    Figures figures = new Figures();
    figures.items = 1_000_000;
    figures.runs = new Distribution(1_000_000, 1000, 1000, 1000, 1000);
    figures.chunks = 1_000_000;
    figures.handover = 9 * S;
    assertThat(figures.advice())
        .containsExactly(
            "90 % of the time went into handing items over: one runs 1 us, and they are sent 1 at a"
                + " time. Leave chunkSize to the pool, and give a call all its items.");
    figures.chunks = 1000;
    assertThat(figures.advice()).singleElement().asString().contains("Do more in each item");
    figures.handover = 100 * MS;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void largeResultsAndArgumentsAreMeasured() {
    Figures figures = new Figures();
    figures.received = 3_200_000_000L;
    figures.sent = 1_500_000_000L;
    assertThat(figures.advice())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("Results of 3.2 MB: return what is needed of it"),
            second -> assertThat(second).startsWith("Arguments of 1.5 MB: share"));
    figures.received = -1; // a backend that does not count
    figures.sent = -1;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void lossesAndDroppedEventsAreCounted() {
    Figures figures = new Figures();
    figures.ends.put(WorkerEnd.OUT_OF_MEMORY, 2L);
    figures.dropped = 70;
    assertThat(figures.advice())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("2 workers ran out of heap memory"),
            second -> assertThat(second).startsWith("Observers were too slow for 70 events"));
  }

  @Test
  void ofAMomentNothingIsSaid() {
    Figures figures = new Figures();
    figures.work = MS;
    figures.input = 100 * MS;
    assertThat(figures.advice()).isEmpty();
  }

  @Test
  void theReportHasARowForEachWorkerAndTheAdvice() {
    Figures figures = new Figures();
    figures.input = 3 * S;
    figures.calls = 4 * S;
    figures.slowest = List.of(new SlowItem(new PoolEvent.Call(3, Optional.empty()), 17, 4 * MS));
    assertThat(figures.stats().report())
        .isEqualTo(
            """
            pool 'p', RUNNING: 1 worker
            1000 items in 4 s of calls (250/s): 1000 succeeded
            an item ran 1 ms (half of them), 2 ms (95 %), 3 ms (99 %), 4 ms (longest)

            worker  processes     life  start  initializer   work  input  output   tail   rest  handover
                 0          1      4 s    0 %          0 %   25 %   75 %     0 %    0 %    0 %       0 %

            slowest items
                 4 ms  call 3[17]
            advice
            - Workers waited 75 % of the time for input: the source makes 250 items/s. Make it faster.
            """);
  }

  @Test
  void oneItemAndThoseThatWereCancelledAreNotMisread() {
    Figures figures = new Figures();
    figures.items = 1;
    figures.cancelled = 999;
    figures.calls = 7200 * S;
    figures.runs = new Distribution(1, S, S, S, S);
    assertThat(figures.stats().report())
        .startsWith(
            """
            pool 'p', RUNNING: 1 worker
            1000 items in 2 h of calls (0.0001/s): 1 succeeded, 999 cancelled
            it ran 1 s

            """);
    figures.items = 0;
    figures.runs = Distribution.NONE;
    assertThat(figures.stats().report())
        .startsWith("pool 'p', RUNNING: 1 worker\n999 items: 999 cancelled\n\nworker");
  }

  @Test
  void aBackendThatDoesNotTellIsReportedAsThat() {
    PoolStats known = new Figures().stats();
    PoolStats stats =
        new PoolStats(
            known.pool(),
            known.at(),
            known.state(),
            false,
            2,
            List.of(),
            0,
            List.of(),
            known.totals(),
            Times.NONE);
    assertThat(stats.advice()).isEmpty();
    assertThat(stats.report())
        .contains("2 workers\n1000 items: 1000 succeeded\n")
        .contains("where the time of workers went is not told by this kind of pool\n")
        .endsWith("no advice\n");
  }
}
