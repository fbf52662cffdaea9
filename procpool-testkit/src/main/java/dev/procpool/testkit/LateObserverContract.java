package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Section 12 of the contract: those who come to a pool that runs, to watch it and to stop a call.
 */
public abstract class LateObserverContract extends ContractTest {

  /** For subclasses. */
  protected LateObserverContract() {}

  @Test
  void whoComesLateIsToldTheStateAndWhatHappensFromThenOn() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    AsyncResult<Integer> early =
        pool.applyAsync(
            () -> {
              started.countDown();
              release.await();
              return 1;
            });
    started.await();
    EventLog log = new EventLog();
    pool.observe(log);
    Eventually.until("it is told the state", () -> !log.of(PoolEvent.PoolChange.class).isEmpty());
    release.countDown();
    assertThat(early.get()).isEqualTo(1);
    pool.map(x -> x, List.of(1, 2, 3));
    log.awaitCalls(2);
    assertThat(log.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .containsExactly(PoolState.RUNNING);
    assertThat(log.ended(OutcomeKind.SUCCESS)).isEqualTo(4);
    assertThat(log.of(PoolEvent.CallBegin.class))
        .as("the first call had begun before")
        .extracting(event -> event.call().number())
        .containsExactly(2L);
  }

  @Test
  void whoHasLeftIsToldNothingMore() throws Exception {
    Pool pool = pool(1);
    EventLog left = new EventLog();
    EventLog stays = new EventLog();
    PoolObserver.Registration told = pool.observe(left);
    pool.observe(stays);
    pool.map(x -> x, List.of(1));
    left.awaitCalls(1);
    told.close();
    told.close();
    pool.map(x -> x, List.of(1, 2));
    stays.awaitCalls(2);
    pool.close();
    assertThat(left.of(PoolEvent.CallEnd.class)).hasSize(1);
    assertThat(left.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .containsExactly(PoolState.RUNNING);
    assertThat(stays.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .startsWith(PoolState.RUNNING)
        .endsWith(PoolState.TERMINATED);
  }

  @Test
  void whoComesAfterTheEndIsToldThat() throws Exception {
    Pool pool = pool(1);
    pool.map(x -> x, List.of(1));
    pool.close();
    EventLog log = new EventLog();
    pool.observe(log);
    Eventually.until("it is told the state", () -> !log.all().isEmpty());
    assertThat(log.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .containsExactly(PoolState.TERMINATED);
  }

  @Test
  void aCallIsCancelledByItsNumber() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    AsyncResult<Integer> result =
        pool.with(TaskOptions.defaults().label("stuck"))
            .applyAsync(
                () -> {
                  started.countDown();
                  never.await();
                  return 1;
                });
    started.await();
    PoolStats.Call call = pool.stats().calls().get(0);
    assertThat(pool.cancelCall(call.call().number() + 1)).as("another number").isFalse();
    assertThat(pool.cancelCall(call.call().number())).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(pool.apply(() -> 2)).as("the only worker is free again").isEqualTo(2);
    assertThat(pool.cancelCall(call.call().number())).as("a second time").isFalse();
  }

  @Test
  void aStreamThatIsCancelledByItsNumberIsNotTakenForAWholeOne() throws Exception {
    Pool pool = pool(1);
    try (ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(4))
            .imap(x -> x, Stream.iterate(0, x -> x + 1))) {
      assertThat(results.next()).isZero();
      assertThat(pool.cancelCall(1)).isTrue();
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () -> {
                while (results.hasNext()) {
                  results.next();
                }
              });
    }
    Eventually.until("the call has ended", () -> pool.stats().calls().isEmpty());
    assertThat(pool.apply(() -> 2)).isEqualTo(2);
  }
}
