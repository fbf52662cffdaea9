package dev.procpool.packaging;

import dev.procpool.Outcome;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.spi.Backend;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;

/** A backend of a user's, as small as can be: runs each item on the caller's thread. */
final class DirectBackend implements Backend {

  @Override
  public void submit(Submission<?, ?> submission) {
    try {
      run(submission);
    } catch (InterruptedException e) {
      submission.abort(e);
    }
  }

  private static <T, R> void run(Submission<T, R> call) throws InterruptedException {
    for (long index = 0; call.advance(); index++) {
      long begin = System.nanoTime();
      long pid = ProcessHandle.current().pid();
      try {
        R value = call.task().call(call.item());
        call.succeeded(index, value, 1, System.nanoTime() - begin, pid);
      } catch (Exception e) {
        Duration ran = Duration.ofNanos(System.nanoTime() - begin);
        call.settled(new Outcome.Failure<>(index, 1, ran, pid, e));
      }
    }
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {}

  @Override
  public <T> Shared<T> share(T value) {
    return () -> value;
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
