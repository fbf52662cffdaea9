package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: how many workers there are and what is told of them. */
public abstract class WorkersContract extends ContractTest {

  /** For subclasses. */
  protected WorkersContract() {}

  @Test
  void asManyTasksRunAtOnceAsThereAreWorkers() throws Exception {
    assertRunAtOnce(pool(3), 3, "first");
  }

  @Test
  void noMoreTasksRunAtOnceThanThereAreWorkers() throws Exception {
    Pool pool = pool(2);
    FileLog started = log("started");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  started.add(x);
                  release.await();
                  return x;
                },
                IntStream.range(0, 6).boxed().toList());
    Eventually.until("two tasks have started", () -> started.size() >= 2);
    assertThat(result.isReady()).isFalse();
    assertThat(started.size()).isEqualTo(2);
    release.countDown();
    assertThat(result.get()).hasSize(6);
  }

  @Test
  void oneTaskAtATimeRunsInAWorker() throws Exception {
    FileLog log = log("log");
    pool(1)
        .forEach(
            x -> {
              log.add("begin " + x);
              log.add("end " + x);
            },
            List.of(0, 1, 2));
    List<String> lines = log.lines();
    assertThat(lines).hasSize(6);
    for (int i = 0; i < 6; i += 2) {
      assertThat(lines.get(i + 1)).isEqualTo(lines.get(i).replace("begin", "end"));
    }
  }

  @Test
  void workersTellsTheirNumberStateAndWork() throws Exception {
    Pool pool = pool(2);
    Instant before = Instant.now().minusSeconds(1);
    assertRunAtOnce(pool, 2, "warm-up");
    Eventually.until(
        "all workers are idle",
        () -> pool.workers().stream().allMatch(w -> w.state() == WorkerInfo.State.IDLE));
    List<WorkerInfo> workers = pool.workers();
    assertThat(workers).extracting(WorkerInfo::number).containsExactly(0, 1);
    assertThat(workers).extracting(WorkerInfo::tasksDone).containsExactly(1L, 1L);
    assertThat(workers)
        .allSatisfy(worker -> assertThat(worker.startedAt()).isBetween(before, Instant.now()));
    if (backend().isolatesProcesses()) {
      assertThat(workers).extracting(WorkerInfo::pid).doesNotHaveDuplicates();
      assertThat(workers)
          .allSatisfy(worker -> assertThat(ProcessHandle.of(worker.pid())).isPresent());
    } else {
      assertThat(workers).extracting(WorkerInfo::pid).containsOnly(ProcessHandle.current().pid());
    }
  }

  @Test
  void aWorkerIsBusyWhileItRunsATask() throws Exception {
    Pool pool = pool(2);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    var result =
        pool.applyAsync(
            () -> {
              started.countDown();
              release.await();
              return ProcessHandle.current().pid();
            });
    started.await();
    assertThat(pool.workers())
        .filteredOn(worker -> worker.state() == WorkerInfo.State.BUSY)
        .hasSize(1);
    release.countDown();
    result.get();
    Eventually.until(
        "no worker is busy",
        () -> pool.workers().stream().noneMatch(w -> w.state() == WorkerInfo.State.BUSY));
  }

  @Test
  void workersAreReusedFromTaskToTask() throws Exception {
    assumeTrue(backend().isolatesProcesses(), "the workers of this backend are no processes");
    Pool pool = pool(2);
    assertThat(
            pool.map(x -> ProcessHandle.current().pid(), IntStream.range(0, 100).boxed().toList()))
        .doesNotContain(ProcessHandle.current().pid())
        .satisfies(pids -> assertThat(pids.stream().distinct().count()).isLessThanOrEqualTo(2));
  }

  @Test
  void resizeAddsWorkersWhileTasksRun() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    FileLatch started = latch("started");
    var running =
        pool.applyAsync(
            () -> {
              started.countDown();
              release.await();
              return 1;
            });
    started.await();
    pool.resize(4);
    assertRunAtOnce(pool, 3, "grown");
    assertThat(running.isReady()).isFalse();
    release.countDown();
    assertThat(running.get()).isEqualTo(1);
  }

  @Test
  void resizeEndsSurplusWorkersAfterTheItemsTheyHaveBegun() throws Exception {
    Pool pool = pool(3);
    FileLog started = log("started");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  started.add(x);
                  release.await();
                  return x;
                },
                IntStream.range(0, 6).boxed().toList());
    Eventually.until("three tasks have started", () -> started.size() == 3);
    pool.resize(1);
    release.countDown();
    assertThat(result.get()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(result.outcomes()).allMatch(outcome -> outcome.attempts() == 1);
    Eventually.until("one worker is left", () -> pool.workers().size() == 1);
    assertThat(pool.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
  }

  /** Has tasks wait for each other: they end only if all run at the same time. */
  private void assertRunAtOnce(Pool pool, int tasks, String name) throws Exception {
    List<FileLatch> arrived =
        IntStream.range(0, tasks).mapToObj(i -> latch(name + "-arrived-" + i)).toList();
    List<Integer> met =
        pool.map(
            i -> {
              arrived.get(i).countDown();
              for (FileLatch other : arrived) {
                other.await();
              }
              return i;
            },
            IntStream.range(0, tasks).boxed().toList());
    assertThat(met).hasSize(tasks);
  }
}
