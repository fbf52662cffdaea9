package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.NoLeftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What may be done from the page, on a real pool. */
@ExtendWith(NoLeftovers.class)
class ActionsTest {

  private static final Logger LOG = Logger.getLogger("dev.procpool.view");

  @TempDir Path folder;

  private final Pool pool = ProcessPool.builder().workers(1).name("watched").build();
  private final PoolView view = PoolView.builder().pools(pool).allowActions(true).open();
  private final Http http = new Http(view);
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void writeNowhere() {
    System.setProperty(ViewFiles.PROPERTY, "off");
  }

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
  }

  @AfterEach
  void end() {
    LOG.removeHandler(handler);
    view.close();
    pool.terminate();
    pool.close();
  }

  private MapResult<Object> stuck() throws Exception {
    FileLatch started = new FileLatch(folder.resolve("started"));
    FileLatch never = new FileLatch(folder.resolve("never"));
    MapResult<Object> result =
        pool.mapAsync(
            x -> {
              started.countDown();
              never.await();
              return x;
            },
            List.of(1));
    started.await();
    return result;
  }

  @Test
  void aCallIsCancelled() throws Exception {
    AsyncResult<List<Object>> result = stuck();
    assertThat(http.post("/api/cancel?call=77").status()).isEqualTo(409);
    Http.Answer done = http.post("/api/cancel?pool=0&call=1");
    assertThat(done.body()).isEqualTo("call 1 is cancelled\n");
    assertThat(done.status()).isEqualTo(200);
    assertThat(result.isCancelled()).isTrue();
    assertThat(logged)
        .as("both")
        .hasSize(2)
        .last()
        .asString()
        .contains("pool 'watched' for cancel {call=1}: call 1 is cancelled", "127.0.0.1");
  }

  @Test
  void aWorkerIsKilledIfItIsTheOneThatWasMeant() throws Exception {
    MapResult<Object> result = stuck();
    long pid = pool.workers().get(0).pid();
    assertThat(http.post("/api/kill?worker=0&pid=" + (pid + 1)).status()).isEqualTo(409);
    assertThat(http.post("/api/kill?worker=1&pid=" + pid).status()).isEqualTo(409);
    assertThat(http.post("/api/kill?worker=0").status()).isEqualTo(400);
    assertThat(result.isDone()).isFalse();
    Http.Answer done = http.post("/api/kill?worker=0&pid=" + pid);
    assertThat(done.body()).isEqualTo("worker 0 (pid " + pid + ") is killed\n");
    assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.WorkerLost.class);
    Eventually.until(
        "its last words are told",
        () -> ends().contains("\"why\":\"KILLED\"") && ends().contains("\"pid\":" + pid));
  }

  private String ends() {
    try {
      return http.get("/api/state").json().path("ends").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thePoolIsResized() throws Exception {
    assertThat(http.post("/api/resize?workers=0").status()).isEqualTo(400);
    assertThat(http.post("/api/resize?workers=1000000").status()).isEqualTo(400);
    assertThat(http.post("/api/resize?workers=x").body())
        .isEqualTo("workers must be a number, was x\n");
    assertThat(pool.stats().targetWorkers()).isEqualTo(1);
    assertThat(http.post("/api/resize?workers=2").status()).isEqualTo(200);
    assertThat(pool.stats().targetWorkers()).isEqualTo(2);
    pool.shutdown();
    assertThat(http.post("/api/resize?workers=3").status()).isEqualTo(409);
  }

  @Test
  void theStacksOfABusyWorkerAreTold() throws Exception {
    stuck();
    long pid = pool.workers().get(0).pid();
    Http.Answer dump = http.post("/api/dump?worker=0&pid=" + pid);
    assertThat(dump.status()).isEqualTo(200);
    assertThat(dump.body()).contains("ActionsTest").contains("FileLatch.await");
    assertThat(logged).singleElement().asString().doesNotContain("FileLatch");
  }

  @Test
  void whatIsNoActionIsNotFoundAndNothingIsDoneByGet() throws Exception {
    assertThat(http.post("/api/halt").status()).isEqualTo(404);
    assertThat(http.get("/api/resize?workers=2").status()).isEqualTo(405);
    assertThat(pool.stats().targetWorkers()).isEqualTo(1);
  }

  /** Its workers are threads of this very process. */
  @Test
  void thisProcessIsNotKilled() throws Exception {
    Pool inline = InlinePool.create(1);
    view.add(inline);
    inline.map(x -> x, List.of(1));
    WorkerInfo worker = inline.workers().get(0);
    Http.Answer answer =
        http.post("/api/kill?pool=1&worker=" + worker.number() + "&pid=" + worker.pid());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("can't be killed from here: cancel its call instead");
    inline.close();
  }

  /** On each machine process identifiers begin anew. */
  @Test
  void theWorkerOfAnotherMachineIsNotTakenForOneOfHere() throws Exception {
    MapResult<Object> result = stuck();
    long pid = pool.workers().get(0).pid();
    view.add(elsewhere(pool));
    Http.Answer answer = http.post("/api/kill?pool=1&worker=0&pid=" + pid);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("worker 0 (pid " + pid + " on far.example) is no process");
    pool.cancelCall(1);
    assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.Cancelled.class);
  }

  /** The pool, as if its workers were on another machine. */
  private static Pool elsewhere(Pool pool) {
    return (Pool)
        Proxy.newProxyInstance(
            Pool.class.getClassLoader(),
            new Class<?>[] {Pool.class},
            (proxy, method, arguments) ->
                method.getName().equals("stats")
                    ? elsewhere(pool.stats())
                    : method.invoke(pool, arguments));
  }

  private static PoolStats elsewhere(PoolStats stats) {
    return new PoolStats(
        stats.pool(),
        stats.at(),
        stats.state(),
        stats.isBroken(),
        stats.targetWorkers(),
        stats.workers().stream()
            .map(worker -> new PoolStats.Worker(elsewhere(worker.info()), worker.item()))
            .toList(),
        stats.queuedItems(),
        stats.calls(),
        stats.totals(),
        stats.times());
  }

  private static WorkerInfo elsewhere(WorkerInfo info) {
    return new WorkerInfo(
        info.number(),
        "far.example",
        info.pid(),
        info.state(),
        info.tasksDone(),
        info.startedAt(),
        info.memoryBytes(),
        info.progress(),
        () -> "");
  }
}
