package dev.procpool.cli;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.function.Task1;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/**
 * A pool that runs each item on the caller's thread when its outcome is asked for, and reports
 * whatever outcomes a test wants for some items. One thread.
 *
 * <p>Unordered streams come backwards in pairs, so that a test can tell them from ordered ones.
 * Task, rows and replies cross through Java serialization, as they do to a process.
 */
public final class FakePool implements Pool {

  private final Map<Long, Outcome<?>> scripted;
  private final List<TaskOptions> seen;
  private final TaskOptions options;

  public FakePool(Map<Long, Outcome<?>> scripted, List<TaskOptions> seen) {
    this(scripted, seen, TaskOptions.defaults());
  }

  private FakePool(Map<Long, Outcome<?>> scripted, List<TaskOptions> seen, TaskOptions options) {
    this.scripted = scripted;
    this.seen = seen;
    this.options = options;
  }

  @Override
  public <A, R> ResultIterator<R> imap(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    return new Results<>(copy(task), items.iterator(), 1);
  }

  @Override
  public <A, R> ResultIterator<R> imapUnordered(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    return new Results<>(copy(task), items.iterator(), 2);
  }

  private final class Results<A, R> implements ResultIterator<R> {

    private final Task1<? super A, ? extends R> task;
    private Iterator<? extends A> items;
    private boolean cut;
    private final int window;
    private final List<Outcome<R>> ready = new ArrayList<>();
    private long index;

    Results(Task1<? super A, ? extends R> task, Iterator<? extends A> items, int window) {
      this.task = task;
      this.items = items;
      this.window = window;
    }

    @Override
    public boolean hasNext() {
      if (cut) {
        throw new CancellationException("closed");
      }
      return !ready.isEmpty() || items.hasNext();
    }

    @Override
    public Outcome<R> nextOutcome() {
      if (ready.isEmpty()) {
        while (ready.size() < window && items.hasNext()) {
          ready.add(run(index++, copy(items.next())));
        }
      }
      return ready.remove(ready.size() - 1);
    }

    @SuppressWarnings("unchecked")
    private Outcome<R> run(long index, A item) {
      if (scripted.containsKey(index)) {
        return (Outcome<R>) scripted.get(index);
      }
      long pid = ProcessHandle.current().pid();
      try {
        R value = WorkerContext.callWith(new FakeContext(index), () -> task.call(item));
        return new Outcome.Success<>(index, 1, Duration.ofNanos(1_500_000), pid, copy(value));
      } catch (Exception e) {
        return new Outcome.Failure<>(index, 1, Duration.ZERO, pid, e);
      }
    }

    @Override
    public R next() {
      return nextOutcome().valueOrThrow();
    }

    @Override
    public R next(Duration timeout) {
      return next();
    }

    @Override
    public Stream<R> stream() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void cancelWaiting() {
      items = Collections.emptyIterator();
    }

    @Override
    public void close() {
      cut = true;
    }
  }

  private record FakeContext(long itemIndex) implements WorkerContext {
    @Override
    public void progress() {}

    @Override
    public void progress(double fraction, String note) {}

    @Override
    public void publish(Object part) {}

    @Override
    public Optional<Object> published() {
      return Optional.empty();
    }

    @Override
    public int workerNumber() {
      return 0;
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public <T> T state(Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void setState(Class<T> type, T value) {
      throw new UnsupportedOperationException();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
      out.flush();
      return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Pool with(TaskOptions options) {
    seen.add(options);
    return new FakePool(scripted, seen, options);
  }

  @Override
  public TaskOptions options() {
    return options;
  }

  @Override
  public <A, R> AsyncResult<R> applyAsync(Task1<? super A, ? extends R> task, A a) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <A, R> MapResult<R> mapAsync(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    throw new UnsupportedOperationException();
  }

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
  public void prestart() {}

  @Override
  public ExecutorService asExecutorService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {}

  @Override
  public void join() {}

  @Override
  public boolean join(Duration timeout) {
    return true;
  }

  @Override
  public void terminate() {}

  @Override
  public void close() {}

  @Override
  public boolean close(Duration limit) {
    return true;
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }
}
