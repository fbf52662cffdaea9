package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.function.Task1;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendPool;
import dev.procpool.spi.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a call takes along reaches workers that have no carrier of it on their class path. */
@ExtendWith(NoLeftovers.class)
class EncodedContextTest {

  /** Takes the task of a call, as a pool hands it to a backend, and runs nothing. */
  private static final class Taking implements Backend {
    private Task1<?, ?> task;

    @Override
    public void submit(Submission<?, ?> submission) {
      task = submission.task();
      submission.abort(new CancellationException("taken"));
    }

    @Override
    public void cancel(Submission<?, ?> submission, boolean interruptRunning) {}

    @Override
    public <T> Shared<T> share(T value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<WorkerInfo> workers() {
      return List.of();
    }

    @Override
    public void resize(int workers) {}

    @Override
    public void shutdown() {}

    @Override
    public void terminate() {}

    @Override
    public boolean awaitTermination(Duration timeout) {
      return true;
    }
  }

  @TempDir Path folder;

  @AfterEach
  void clearNote() {
    NoteCarrier.set(null);
  }

  /** The task as a call of this thread takes it along. */
  @SuppressWarnings("unchecked") // the task that went in
  private static <R> Task1<Integer, R> carrying(Task1<Integer, R> task) {
    Taking backend = new Taking();
    try (Pool pool = BackendPool.of("taking", backend, OnClose.TERMINATE)) {
      TaskOptions options = TaskOptions.defaults().context(Map.of("request", "17"));
      pool.with(options).mapAsync(task, List.of(1));
    }
    assertThat(backend.task).isNotNull();
    return (Task1<Integer, R>) backend.task;
  }

  @Test
  void aCarrierIsFoundAmongTheTasksClasses() throws Exception {
    try (ServedJvm jvm = new ServedJvm(folder)) {
      NoteCarrier.set("of here");
      Task1<Integer, String> noted =
          carrying(
              i -> NoteCarrier.note() + " " + WorkerContext.current().context().get("request"));
      NoteCarrier.set(null);
      Task1<Integer, String> notNoted = carrying(i -> NoteCarrier.note() + "");

      for (int i = 0; i < 2; i++) {
        assertThat(jvm.run(noted, List.of(1, 2, 3, 4)))
            .extracting(Outcome::valueOrThrow)
            .containsOnly("of here 17");
        assertThat(jvm.run(notNoted, List.of(1, 2, 3, 4)))
            .extracting(Outcome::valueOrThrow)
            .containsOnly("null");
      }
    }
  }

  @Test
  void oneThatThrowsCostsNoItem() throws Exception {
    try (ServedJvm jvm = new ServedJvm(folder)) {
      NoteCarrier.set(NoteCarrier.NOT_RESTORED);
      Task1<Integer, Integer> task = carrying(i -> i + 1);
      assertThat(jvm.run(task, List.of(1))).extracting(Outcome::valueOrThrow).containsExactly(2);
    }
  }
}
