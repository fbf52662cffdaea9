package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolStats.Distribution;
import dev.procpool.PoolStats.Times;
import dev.procpool.PoolStats.Totals;
import dev.procpool.PoolStats.Worker;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What statistics make of their own figures. */
class PoolStatsTest {

  private static PoolStats stats(Map<WorkerEnd, Long> ends, OptionalLong... memory) {
    List<Worker> workers =
        Arrays.stream(memory)
            .map(
                bytes ->
                    new WorkerInfo(
                        0, 7, WorkerInfo.State.IDLE, 0, Instant.EPOCH, bytes, () -> "none"))
            .map(info -> new Worker(info, Optional.empty()))
            .toList();
    Totals totals =
        new Totals(
            Map.of(), 0, 0, ends, -1, -1, 0, Distribution.NONE, Distribution.NONE, List.of());
    return new PoolStats(
        "p", Instant.EPOCH, PoolState.RUNNING, false, 1, workers, 0, List.of(), totals, Times.NONE);
  }

  @Test
  void workersThatThePoolStoppedAreNotLostAndThoseThatItKilledAre() {
    Map<WorkerEnd, Long> ends =
        Map.of(WorkerEnd.STOPPED, 100L, WorkerEnd.TIMED_OUT, 20L, WorkerEnd.KILLED, 3L);
    assertThat(stats(ends).totals().workerLosses()).isEqualTo(23);
    assertThat(stats(Map.of()).totals().workerLosses()).isZero();
  }

  @Test
  void memoryThatTheSystemDoesNotTellCountsAsNothing() {
    assertThat(
            stats(
                    Map.of(),
                    OptionalLong.of(5),
                    OptionalLong.empty(),
                    OptionalLong.of(3_000_000_000L))
                .memoryBytes())
        .isEqualTo(3_000_000_005L);
    assertThat(stats(Map.of(), OptionalLong.empty()).memoryBytes()).isZero();
  }
}
