package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Large arrays travel beside their item, whatever becomes of it. */
class LargeArgumentTest extends ProcessPoolTest {

  private static final int MB = 1024 * 1024;

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private static int hashIn(Pool pool, byte[] bytes) throws Exception {
    return pool.apply(x -> Arrays.hashCode(x), bytes);
  }

  @Test
  void arrivesAsItIs() throws Exception {
    byte[] large = random(64 * MB + 3);
    Pool pool = pool(1);
    for (int i = 0; i < 3; i++) {
      assertThat(hashIn(pool, large)).isEqualTo(Arrays.hashCode(large));
    }
  }

  @Test
  void severalInOneItemArriveInTheirOrder() throws Exception {
    byte[] first = random(5 * MB);
    byte[] second = random(3 * MB);
    Args2<Integer, Integer> back =
        pool(1)
            .apply(
                (a, n, b, c) -> Args.of(Arrays.hashCode(a) + n, Arrays.hashCode(b) + c.length),
                first,
                1,
                second,
                new byte[9]);
    assertThat(back.first()).isEqualTo(Arrays.hashCode(first) + 1);
    assertThat(back.second()).isEqualTo(Arrays.hashCode(second) + 9);
  }

  @Test
  void theSameTwiceStaysTheSame() throws Exception {
    byte[] large = random(2 * MB);
    Pool pool = pool(1);
    int same = pool.apply((a, b) -> a == b ? Arrays.hashCode(a) : 0, large, large);
    int equal = pool.apply((a, b) -> a != b ? Arrays.hashCode(a) : 0, large, large.clone());
    assertThat(same).isEqualTo(Arrays.hashCode(large));
    assertThat(equal).isEqualTo(Arrays.hashCode(large));
  }

  @Test
  void isTheTasksToKeepAndToChange() throws Exception {
    byte[] large = random(2 * MB);
    byte[] before = large.clone();
    Pool pool = pool(1);
    List<Integer> sums =
        pool.map(
            x -> {
              x[0]++;
              return (int) x[0];
            },
            List.of(large, large));
    assertThat(sums).containsOnly((byte) (before[0] + 1) + 0);
    assertThat(large).isEqualTo(before);
  }

  @Test
  void theCallerMayChangeItOnceTheCallIsMade() throws Exception {
    byte[] large = random(16 * MB);
    int expected = Arrays.hashCode(large);
    Pool pool = pool(1);
    FileLatch go = latch("go");
    AsyncResult<Integer> busy = pool.applyAsync(() -> waitFor(go, 1));
    AsyncResult<Integer> result = pool.applyAsync(x -> Arrays.hashCode(x), large);
    Arrays.fill(large, (byte) 0);
    go.countDown();
    assertThat(busy.get()).isEqualTo(1);
    assertThat(result.get()).isEqualTo(expected);
  }

  private static <T> T waitFor(FileLatch latch, T value) throws Exception {
    latch.await();
    return value;
  }

  @Test
  void whatABusyWorkerHoldsIsRunByAnother() throws Exception {
    Pool pool = pool(2);
    pool.map(x -> x.length, Collections.nCopies(20, new byte[MB])); // takes no time, it learns
    FileLatch othersAreDone = latch("othersAreDone");
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      items.add(random((i + 1) * MB));
    }
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x.length == MB) {
                othersAreDone.await();
              }
              return Arrays.hashCode(x);
            },
            items);
    Eventually.until("all others have run", () -> result.completed() == items.size() - 1);
    othersAreDone.countDown();
    assertThat(result.get()).isEqualTo(items.stream().map(Arrays::hashCode).toList());
  }

  @Test
  void aRetryTakesItAlong() throws Exception {
    byte[] large = random(8 * MB);
    Pool pool = pool(1);
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(3).onWorkerLost()))
            .mapAsync(
                x -> {
                  if (WorkerContext.current().attempt() < 3) {
                    Runtime.getRuntime().halt(1);
                  }
                  return Arrays.hashCode(x);
                },
                List.of(large));
    assertThat(result.get()).containsExactly(Arrays.hashCode(large));
    assertThat(result.outcomes().get(0).attempts()).isEqualTo(3);
  }

  @Test
  void aWorkerKilledWhileItIsOnItsWayCostsNothing() throws Exception {
    Pool pool = pool(1);
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    signal("STOP", pid); // so that the array does not get through
    byte[] large = random(64 * MB);
    MapResult<Integer> result = pool.mapAsync(x -> Arrays.hashCode(x), List.of(large));
    Eventually.until(
        "the worker is sent it", () -> pool.workers().get(0).state() == WorkerInfo.State.BUSY);
    assertThat(pool.workers().get(0).pid()).isEqualTo(pid);
    signal("KILL", pid);

    Outcome<Integer> outcome = result.outcomes().get(0);

    assertThat(outcome.valueOrThrow()).isEqualTo(Arrays.hashCode(large));
    assertThat(outcome.attempts()).isEqualTo(1);
    assertThat(outcome.workerPid()).isNotEqualTo(pid);
  }

  @Test
  void whoStopsWaitingMayChangeItAndNobodySeesThat() throws Exception {
    byte[] large = random(64 * MB);
    int hash = Arrays.hashCode(large);
    Pool pool = pool(1);
    FileLog seen = log("seen");
    for (int i = 0; i < 20; i++) {
      byte[] mine = large.clone();
      Thread caller =
          new Thread(
              () -> {
                try {
                  pool.apply(
                      x -> {
                        seen.add(Arrays.hashCode(x));
                        return 0;
                      },
                      mine);
                } catch (InterruptedException | ExecutionException e) {
                  // as it should
                } finally {
                  Arrays.fill(mine, (byte) 1);
                }
              });
      caller.start();
      if (i % 2 == 0) {
        Eventually.until(
            "it is on its way",
            () -> pool.workers().stream().anyMatch(w -> w.state() == WorkerInfo.State.BUSY));
      }
      caller.interrupt();
      caller.join();
      assertThat(hashIn(pool, large)).isEqualTo(hash);
    }
    assertThat(seen.lines()).allMatch(String.valueOf(hash)::equals);
  }

  @Test
  void aCallThatIsCancelledMeanwhileLeavesTheNextOneAlone() throws Exception {
    byte[] large = random(32 * MB);
    Pool pool = pool(1);
    for (int i = 0; i < 5; i++) {
      AsyncResult<Integer> cancelled = pool.applyAsync(x -> x.length, new byte[32 * MB]);
      cancelled.cancel(true);
      assertThat(hashIn(pool, large)).isEqualTo(Arrays.hashCode(large));
    }
  }
}
