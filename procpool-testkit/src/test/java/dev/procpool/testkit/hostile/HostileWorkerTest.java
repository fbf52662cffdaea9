package dev.procpool.testkit.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.NoLeftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A worker that breaks the protocol is killed with its reason told, costs the items that it had at
 * most, and another takes its place.
 */
@ExtendWith(NoLeftovers.class)
class HostileWorkerTest {

  private static final List<Integer> ITEMS = IntStream.range(0, 20).boxed().toList();

  @TempDir Path directory;

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "there is no flock here");
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED_BY_NOBODY, nobody cancelled it",
    "TIMED_OUT_WITHOUT_LIMIT, over its time limit",
    "STUCK_WITHOUT_LIMIT, over its time limit",
    "PART_OF_ANOTHER, which it was not running",
    "PROGRESS_OF_NONSENSE, says something odd of its progress",
    "NOTES_OF_NONSENSE,",
    "NEGATIVE_TIME, an item that ran for -",
    "ENDLESS_TIME, longer than its process",
    "BODY, unknown frame type 13 in the ring",
    "RECALL_ANSWERED_UNASKED, a recall that was not sent",
    "MEMORY_CUT_OFF, has cut off the memory",
    "MEMORY_CUT_AND_GROWN, has cut off the memory",
    "FETCH_FLOOD, ''", // too many at a time for a slow machine; a fast one just answers them
    "BELL_FLOOD,",
    "STRANGERS,",
  })
  void costsNoMoreThanItself(Misdeed misdeed, String reason) throws Exception {
    HostileJava java = firstIsHostile(misdeed);
    try (Pool pool = builder(java).build()) {
      List<Outcome<Integer>> outcomes = outcomes(pool);
      Set<Long> hostile = java.hostilePids();
      assertThat(hostile).hasSize(1);
      int lost = 0;
      for (int i = 0; i < ITEMS.size(); i++) {
        if (outcomes.get(i) instanceof Outcome.WorkerLost<Integer> loss) {
          lost++;
          assertThat(hostile).contains(loss.exit().pid());
          assertThat(loss.exit().stderrTail()).last().asString().contains(reason);
          assertThat(loss.exit().describe()).contains("was killed by its pool");
        } else {
          assertThat(outcomes.get(i).valueOrThrow()).isEqualTo(i);
          assertThat(outcomes.get(i).attempts()).isEqualTo(1);
          assertThat(outcomes.get(i).duration()).isBetween(Duration.ZERO, Duration.ofMinutes(2));
        }
      }
      if (reason == null) {
        assertThat(lost).isZero();
      } else {
        assertThat(lost).isBetween(1, 5); // its chunk, where nobody knows what it was at
      }
      assertThat(pool.map(x -> x, ITEMS)).as("the pool goes on").isEqualTo(ITEMS);
    }
  }

  /** It holds its items, runs none, and beats its heart. */
  @Test
  void itemsThatAreHeldAndNotRunGoElsewhere() throws Exception {
    HostileJava java = HostileJava.create(directory, "[ $k -eq 0 ]", 7, 0, Misdeed.WITHHELD.name());
    try (Pool pool = builder(java).freezeLimit(Duration.ofSeconds(2)).build()) {
      var result = pool.mapAsync(x -> x, List.of(1));
      assertThat(result.await(Duration.ofSeconds(60))).isTrue();
      assertThat(result.get()).containsExactly(1);
      assertThat(java.hostilePids()).doesNotContain(result.outcomes().get(0).workerPid());
    }
  }

  /** Else they would be replaced for ever, and the call would wait as long. */
  @Test
  void workersThatAskToBeReplacedAndDoNothingBeforeBreakThePool() throws Exception {
    HostileJava java =
        HostileJava.create(directory, "true", 7, 0, Misdeed.REPLACED_FOR_NOTHING.name());
    try (Pool pool = builder(java).restartIntensity(2, Duration.ofMinutes(5)).build()) {
      assertThatThrownBy(() -> pool.apply(x -> x, 1))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(PoolBrokenException.class);
      assertThat(java.hostilePids()).as("the third end is one too many").hasSize(3);
    }
  }

  /** Its parts are results, and while results come their item's time stands still. */
  @Test
  void whoPublishesWithoutEndIsHeldToItsTimeLimit() throws Exception {
    HostileJava java =
        HostileJava.create(directory, "[ $k -eq 0 ]", 7, 0, Misdeed.PARTS_WITHOUT_END.name());
    try (Pool pool = builder(java).build()) {
      Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(1)));
      Outcome<Integer> outcome = limited.mapAsync(x -> x, List.of(7)).outcomes().get(0);
      assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
      assertThat(outcome.partial()).contains(7);
      assertThat(java.hostilePids()).contains(outcome.workerPid());
    }
  }

  /** What is told of a worker while it leaves nonsense is nonsense at worst. */
  @Test
  void statisticsAreToldWhileNotesMakeNoSense() throws Exception {
    HostileJava java =
        HostileJava.create(directory, "[ $k -eq 0 ]", 7, 0, Misdeed.NOTES_OF_NONSENSE.name());
    try (Pool pool = builder(java).build()) {
      var result = pool.mapAsync(x -> x, List.of(7));
      while (!result.isReady()) {
        assertThat(pool.workers()).hasSizeLessThanOrEqualTo(2);
        assertThat(pool.stats().calls()).hasSizeLessThanOrEqualTo(1);
      }
      assertThat(result.get()).containsExactly(7);
    }
  }

  /** Callers who wait do the pool's work on their own threads, and meet what it meets. */
  @Test
  void memoryCutOffInACallersTurnCostsNoMoreThanTheWorker() throws Exception {
    HostileJava java = firstIsHostile(Misdeed.MEMORY_CUT_OFF);
    try (Pool pool = builder(java).spinWait(Duration.ofMillis(500)).build()) {
      int lost = 0;
      for (int i = 0; i < 20; i++) {
        int value = i;
        if (pool.applyAsync(x -> x, value)
            .toCompletableFuture()
            .handle((v, e) -> e != null)
            .get()) {
          lost++;
        }
      }
      assertThat(java.hostilePids()).hasSize(1);
      assertThat(lost).isEqualTo(1);
      assertThat(pool.map(x -> x, ITEMS)).isEqualTo(ITEMS);
    }
  }

  private static List<Outcome<Integer>> outcomes(Pool pool) throws Exception {
    var result = pool.with(TaskOptions.defaults().chunkSize(5)).mapAsync(x -> x, ITEMS);
    assertThat(result.await(Duration.ofSeconds(60))).isTrue();
    return result.outcomes();
  }

  private HostileJava firstIsHostile(Misdeed misdeed) throws Exception {
    return HostileJava.create(directory, "[ $k -eq 0 ]", 7, 3, misdeed.name());
  }

  private static ProcessPool.Builder builder(HostileJava java) {
    return ProcessPool.builder()
        .workers(1)
        .javaHome(java.home())
        .jvmOptions(List.of("-Xmx64m"))
        .output(WorkerOutput.discard());
  }
}
