package dev.procpool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What workers log goes to the parent, if it is asked to. */
class WorkerLogTest extends ProcessPoolTest {

  private final List<WorkerLog> logs = new CopyOnWriteArrayList<>();
  private final List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();

  private Pool forwarding(int workers) {
    return built(ProcessPool.builder().workers(workers).output(lines::add).forwardLogs(logs::add));
  }

  @Test
  void recordsComeWithAllThatTheyTellAndTheirWorkerAndItem() throws Exception {
    Pool pool = forwarding(1);
    pool.with(TaskOptions.defaults().label("import"))
        .forEach(
            x -> {
              Logger logger = Logger.getLogger("app.jul");
              logger.log(Level.WARNING, "item {0} is odd", x);
              logger.fine("not above the worker's level");
              System.getLogger("app.system")
                  .log(System.Logger.Level.ERROR, "item failed", new IllegalStateException("why"));
            },
            List.of(7));
    long pid = pool.workers().get(0).pid();
    pool.close();

    assertThat(logs).hasSize(2);
    WorkerLog first = logs.get(0);
    assertThat(first.workerNumber()).isZero();
    assertThat(first.pid()).isEqualTo(pid);
    assertThat(first.level()).isEqualTo(System.Logger.Level.WARNING);
    assertThat(first.logger()).isEqualTo("app.jul");
    assertThat(first.message()).isEqualTo("item 7 is odd");
    assertThat(first.thrown()).isEmpty();
    assertThat(first.item().orElseThrow().index()).isZero();
    assertThat(first.item().orElseThrow().label()).hasValue("import");
    WorkerLog second = logs.get(1);
    assertThat(second.level()).isEqualTo(System.Logger.Level.ERROR);
    assertThat(second.logger()).isEqualTo("app.system");
    assertThat(second.thrown().orElseThrow())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("why");
    assertThat(lines).as("the worker's console handler is gone").isEmpty();
  }

  @Test
  void aRecordBeforeACrashArrives() throws Exception {
    Pool pool = forwarding(1);
    MapResult<Object> result =
        pool.mapAsync(
            x -> {
              Logger.getLogger("app").severe("about to halt");
              Runtime.getRuntime().halt(1);
              return null;
            },
            List.of(1));
    assertThat(result.outcomes()).hasSize(1);
    pool.close();
    assertThat(logs).extracting(WorkerLog::message).containsExactly("about to halt");
  }

  @Test
  void moreThanMayWaitComesInOrderAndNoneIsDropped() throws Exception {
    Pool pool = forwarding(1);
    pool.apply(
        () -> {
          for (int i = 0; i < 5000; i++) {
            Logger.getLogger("app").info("record " + i);
          }
          return null;
        });
    pool.close();
    assertThat(logs)
        .extracting(WorkerLog::message)
        .isEqualTo(IntStream.range(0, 5000).mapToObj(i -> "record " + i).toList());
  }

  /** They fill the bytes that may wait long before the number. */
  @Test
  void moreBytesThanMayWaitComeInOrderAndNoneIsDropped() throws Exception {
    Pool pool = forwarding(1);
    pool.apply(
        () -> {
          String text = "\u4e2d".repeat(16_000);
          for (int i = 0; i < 200; i++) {
            Logger.getLogger("app").info(i + text);
          }
          return null;
        });
    pool.close();
    assertThat(logs).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(logs.get(i).message()).startsWith(i + "\u4e2d").hasSizeGreaterThan(16_000);
    }
  }

  @Test
  void aConsumerThatHangsHoldsUpTheTaskThatLogsAndNoOther() throws Exception {
    CountDownLatch othersDone = new CountDownLatch(1);
    AtomicInteger taken = new AtomicInteger();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .forwardLogs(
                    log -> {
                      waitFor(othersDone);
                      taken.incrementAndGet();
                    }));
    FileLog progress = log("progress");
    MapResult<Integer> logging =
        pool.mapAsync(
            x -> {
              progress.add("begins");
              for (int i = 0; i < 1000; i++) {
                Logger.getLogger("app").info("record " + i);
              }
              return x;
            },
            List.of(1));
    Eventually.until("the task has begun", () -> progress.size() == 1);
    assertThat(pool.map(x -> x, IntStream.range(0, 500).boxed().toList())).hasSize(500);
    assertThat(logging.completed()).isZero();
    othersDone.countDown();
    assertThat(logging.get()).containsExactly(1);
    pool.close();
    assertThat(taken).hasValue(1000);
  }

  @Test
  void aConsumerThatThrowsHarmsNothing() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .forwardLogs(
                    log -> {
                      throw new AssertionError("thrown by a consumer, as the test wants");
                    }));
    pool.apply(
        () -> {
          for (int i = 0; i < 600; i++) {
            Logger.getLogger("app").info("record " + i);
          }
          return null;
        });
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void withoutAConsumerTheyGoToTheLoggerOfTheirNameAfterTheWorkersNumber() throws Exception {
    Logger logger = Logger.getLogger("app.forwarded");
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler = new Keeper(records);
    logger.addHandler(handler);
    try {
      Pool pool = built(ProcessPool.builder().workers(1).forwardLogs());
      pool.apply(
          () -> {
            Logger.getLogger("app.forwarded")
                .log(Level.WARNING, "braces {0}", new IllegalStateException("why"));
            return null;
          });
      pool.close();
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(records).hasSize(1);
    assertThat(records.get(0).getLevel()).isEqualTo(Level.WARNING);
    assertThat(records.get(0).getMessage()).isEqualTo("worker 0: braces {0}");
    assertThat(records.get(0).getThrown()).hasMessage("why");
  }

  @Test
  void aTaskThatConfiguresLoggingAnewTakesNoRecordAway() throws Exception {
    Pool pool = forwarding(1);
    pool.apply(
        () -> {
          String configuration = "handlers = java.util.logging.ConsoleHandler\n.level = INFO\n";
          LogManager.getLogManager()
              .readConfiguration(new ByteArrayInputStream(configuration.getBytes(UTF_8)));
          Logger.getLogger("app").info("after");
          return null;
        });
    pool.close();
    assertThat(logs).extracting(WorkerLog::message).containsExactly("after");
    assertThat(lines).as("the worker's new console handler is gone, too").isEmpty();
  }

  @Test
  void recordsOfAPoolInATaskAreNotDropped() throws Exception {
    Pool pool = forwarding(1);
    pool.apply(
        () -> {
          try (Pool nested = ProcessPool.builder().workers(1).forwardLogs().build()) {
            nested.apply(
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    Logger.getLogger("app").info("record " + i);
                  }
                  return null;
                });
          }
          return null;
        });
    pool.close();
    assertThat(logs)
        .extracting(WorkerLog::message)
        .isEqualTo(IntStream.range(0, 2000).mapToObj(i -> "worker 0: record " + i).toList());
  }

  @Test
  void aWorkerKnowsItsNumberAndPoolByProperties() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2).name("numbered"));
    assertThat(
            pool.map(
                x -> System.getProperty("procpool.pool") + System.getProperty("procpool.worker"),
                IntStream.range(0, 100).boxed().toList()))
        .containsAnyOf("numbered0", "numbered1")
        .allMatch(name -> name.matches("numbered[01]"));
    Pool named =
        built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Dprocpool.worker=mine")));
    assertThat(named.apply(() -> System.getProperty("procpool.worker"))).isEqualTo("mine");
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps records. */
  private static final class Keeper extends Handler {
    private final List<LogRecord> records;

    Keeper(List<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
