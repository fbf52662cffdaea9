package dev.procpool.local.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LimitKind;
import dev.procpool.channel.RunPage;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.FleetFixture;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is killed, and when, by what its run page says: with a clock of the test's, no process. */
class SupervisionTest {

  private static final long MILLIS = 1_000_000;
  private static final long GRACE = 1_000 * MILLIS;
  private static final long FREEZE = 5_000 * MILLIS;

  /** How much later than the worker's own watchdog the pool acts. */
  private static final long SLACK = 1_000 * MILLIS;

  /** How often it looks. */
  private static final long PERIOD = 250 * MILLIS;

  private final Rules rules = new Rules();
  private FleetFixture parts;
  private Fleet fleet;
  private Supervision supervision;
  private Worker worker;
  private RunPage page;
  private long now = Duration.ofHours(1).toNanos();

  @BeforeEach
  void oneWorkerIsReady() throws IOException {
    parts = new FleetFixture();
    fleet = parts.fleet(new FleetFixture.HearsNothing());
    supervision = new Supervision(fleet, rules, GRACE, FREEZE);
    worker = FleetFixture.ready(fleet);
    page = parts.page(worker);
  }

  @AfterEach
  void close() {
    parts.close();
  }

  private static long word(long chunk, int offset) {
    return new ItemRef(chunk, offset).word();
  }

  private void begin(long word) {
    assertThat(page.begin(word)).isTrue();
    page.start(word);
  }

  /** Looks each quarter of a second, while the worker's heart beats. */
  private void pass(long nanos) {
    for (long end = now + nanos; now < end && worker.isAlive(); now += PERIOD) {
      page.beat();
      supervision.round(now, true);
    }
  }

  @Test
  void whileNothingRunsNobodyLooks() {
    page.start(word(1, 0));
    rules.limits = new TaskLimits(1, 0, 0);
    for (int i = 0; i < 100; i++) {
      now += PERIOD;
      assertThat(supervision.round(now, false)).isEqualTo(Long.MAX_VALUE);
    }
    assertThat(worker.killReason()).isNull();
  }

  @Test
  void itLooksFourTimesASecond() {
    page.beat();
    assertThat(supervision.round(now, true)).isEqualTo(now + PERIOD);
    assertThat(supervision.round(now + 1, true)).as("it is not time").isEqualTo(now + PERIOD);
  }

  @Test
  void anItemOverItsTimeIsKilledAfterWhatItsWorkerHadToDoItself() {
    rules.limits = new TaskLimits(2_000 * MILLIS, 0, 0);
    begin(word(7, 3));
    pass(2_000 * MILLIS + GRACE + SLACK);
    assertThat(worker.killReason()).isNull();
    pass(2 * PERIOD);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.TIMED_OUT);
    assertThat(rules.exceeded).containsExactly(LimitKind.RUN_TIME);
    assertThat(rules.seen).contains(new ItemRef(7, 3));
    assertThat(page.begin(word(7, 4))).as("no other item starts before the kill").isFalse();
  }

  @Test
  void eachItemHasItsOwnTime() {
    rules.limits = new TaskLimits(2_000 * MILLIS, 0, 0);
    for (int item = 0; item < 10; item++) {
      begin(word(7, item));
      pass(3_000 * MILLIS);
      page.end();
    }
    assertThat(worker.killReason()).isNull();
    assertThat(page.begin(word(8, 0))).as("the gate is open").isTrue();
  }

  @Test
  void anItemThatSaysNothingMoreIsStalledAndOneThatGoesOnIsNot() {
    rules.limits = new TaskLimits(0, 2_000 * MILLIS, 0);
    begin(word(7, 0));
    for (int i = 0; i < 20; i++) {
      page.progress();
      pass(1_000 * MILLIS);
    }
    assertThat(worker.killReason()).isNull();
    pass(2_000 * MILLIS + GRACE + SLACK + 2 * PERIOD);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.TIMED_OUT);
    assertThat(rules.exceeded).containsExactly(LimitKind.STALL);
  }

  @Test
  void aCancelledItemIsKilledWhenItsGraceIsOver() {
    begin(word(7, 0));
    rules.killAfter = now + 3_000 * MILLIS;
    pass(3_000 * MILLIS);
    assertThat(worker.killReason()).isNull();
    pass(2 * PERIOD);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.CANCELLED);
    assertThat(rules.exceeded).isEmpty();
  }

  @Test
  void aProcessWhoseHeartStandsStillIsFrozen() {
    page.beat();
    supervision.round(now, true);
    for (long end = now + FREEZE; now < end; now += PERIOD) {
      supervision.round(now, true);
    }
    assertThat(worker.killReason()).isNull();
    supervision.round(now + PERIOD, true);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.FROZEN);
  }

  /** The pool itself was stopped, or had nothing to do. */
  @Test
  void timeInWhichNobodyLookedCountsAgainstNoHeart() {
    for (int i = 0; i < 20; i++) {
      supervision.round(now, true);
      now += 2 * FREEZE;
    }
    assertThat(worker.killReason()).isNull();
  }

  @Test
  void whoHasItemsAndNamesNoneIsKilled() {
    rules.next = new ItemRef(9, 0);
    pass(FREEZE);
    assertThat(worker.killReason()).isNull();
    pass(3 * PERIOD);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.FROZEN);
    assertThat(worker.violation()).contains("has items and runs none");
  }

  @Test
  void whoNamesOneItemAfterTheOtherAndReportsNoneIsKilledForTheOneThatIsDue() {
    rules.limits = new TaskLimits(1_000 * MILLIS, 0, 0);
    rules.next = new ItemRef(9, 0);
    for (int item = 0; worker.isAlive() && item < 100; item++) {
      begin(word(9, item)); // so that none is over its own time
      pass(500 * MILLIS);
    }
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.TIMED_OUT);
    assertThat(worker.violation()).contains("reports no item");
    assertThat(rules.exceeded).containsExactly(LimitKind.RUN_TIME);
  }

  @Test
  void aWorkerWithoutAPageIsLeftAlone() {
    Worker other = FleetFixture.ready(fleet);
    rules.limits = new TaskLimits(1, 0, 0);
    pass(4 * FREEZE);
    assertThat(other.killReason()).isNull();
  }

  /** Of any length, with any limit: no item is killed early, none is forgotten. */
  @Test
  void itemsOfAnyLengthAreKilledInTimeOrNot() throws IOException {
    long seed = 20261129;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      worker = FleetFixture.ready(fleet);
      page = parts.page(worker);
      long limit = random.nextLong(1, 8_000) * MILLIS;
      long length = random.nextLong(1, 16_000) * MILLIS;
      rules.limits = new TaskLimits(limit, 0, 0);
      pass(random.nextLong(1, 4) * PERIOD);
      begin(word(round + 1, 0));
      pass(length);
      page.end();
      String what = "seed " + seed + ", round " + round + ": " + length + " ns of " + limit;
      if (length <= limit + GRACE + SLACK) {
        assertThat(worker.killReason()).as(what).isNull();
      } else if (length > limit + GRACE + SLACK + 2 * PERIOD) {
        assertThat(worker.killReason()).as(what).isEqualTo(Kill.Reason.TIMED_OUT);
      }
      fleet.kill(
          worker, new Kill(Kill.Reason.TERMINATED)); // the first reason counts; it is done with
    }
  }

  /** What the test says of items. */
  private final class Rules implements Supervision.Limits {

    private final List<ItemRef> seen = new ArrayList<>();
    private final List<LimitKind> exceeded = new ArrayList<>();
    private TaskLimits limits = TaskLimits.NONE;
    private long killAfter;
    private @Nullable ItemRef next;

    @Override
    public TaskLimits limits(Worker worker, ItemRef item) {
      return limits;
    }

    @Override
    public void seen(Worker worker, ItemRef item) {
      seen.add(item);
    }

    @Override
    public void giveUp(Worker whom, Kill why) {
      if (why.limit() != null) {
        exceeded.add(why.limit());
      }
      fleet.kill(whom, why);
    }

    @Override
    public long killAfter(Worker worker, ItemRef item) {
      return killAfter;
    }

    @Override
    public @Nullable ItemRef next(Worker worker) {
      return next;
    }
  }
}
