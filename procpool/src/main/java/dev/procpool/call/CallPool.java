package dev.procpool.call;

import dev.procpool.AsyncResult;
import dev.procpool.ItemOutcome;
import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.PoolStats;
import dev.procpool.ResultIterator;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.context.CallContext;
import dev.procpool.function.Task1;
import dev.procpool.observe.Observation;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A pool over any backend: makes a PoolCall of each call. Immutable: a view is one more of these
 * over the same {@link PoolLife}, which has all state.
 */
public final class CallPool implements Pool {

  /** How often, and how long between, it is tried to end a backend for which there is no pool. */
  private static final int MOST_ATTEMPTS = 3000;

  private static final long PAUSE_NANOS = 20_000_000;

  /** How long a close that has terminated the pool, instead of waiting on, waits for its end. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

  private final PoolLife life;
  private final OnClose onClose;
  private final TaskOptions options;

  /**
   * Makes a pool that owns a backend.
   *
   * @param name the pool's name, for threads and messages
   * @param backend where tasks run; must not refer to the pool, or an unclosed pool is never freed
   * @param onClose what {@link #close()} does
   */
  public CallPool(String name, Backend backend, OnClose onClose) {
    this(name, backend, onClose, List.of());
  }

  /**
   * Makes a pool that owns a backend, and tells observers.
   *
   * @param name the pool's name, for threads and messages
   * @param backend where tasks run; must not refer to the pool, or an unclosed pool is never freed
   * @param onClose what {@link #close()} does
   * @param observers whom to tell
   */
  public CallPool(String name, Backend backend, OnClose onClose, List<PoolObserver> observers) {
    this(life(name, backend, onClose, observers, null), onClose, TaskOptions.defaults());
  }

  /**
   * Makes a pool that owns a backend which tells observers by itself.
   *
   * @param name the pool's name, for threads and messages
   * @param backend where tasks run; must not refer to the pool, or an unclosed pool is never freed
   * @param onClose what {@link #close()} does
   * @param observation what the backend tells
   */
  public CallPool(String name, Backend backend, OnClose onClose, Observation observation) {
    this(life(name, backend, onClose, List.of(), observation), onClose, TaskOptions.defaults());
  }

  /** Begins the life of a pool. If that fails nobody could end the backend any more. */
  private static PoolLife life(
      String name,
      Backend backend,
      OnClose onClose,
      List<PoolObserver> observers,
      @Nullable Observation observation) {
    Observation told = observation;
    try {
      Objects.requireNonNull(onClose, "onClose");
      Objects.requireNonNull(name, "name");
      if (told == null) {
        told = new Observation(name, observers);
        told.begin();
        backend.observe(told);
      }
      return new PoolLife(name, backend, told);
    } catch (Throwable e) {
      end(backend, told);
      throw e;
    }
  }

  /** Ends what nobody else will, once there is memory for it. */
  private static void end(Backend backend, @Nullable Observation told) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        backend.terminate();
        awaitBriefly(backend);
        if (told != null) {
          told.terminated();
        }
        return;
      } catch (VirtualMachineError | LinkageError e) { // with the next attempt, then
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void awaitBriefly(Backend backend) {
    try {
      backend.awaitTermination(CLOSE_GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CallPool(PoolLife life, OnClose onClose, TaskOptions options) {
    this.life = life;
    this.onClose = onClose;
    this.options = options;
  }

  // ---------------------------------------------------------------- calls

  @Override
  public <A, R> R apply(Task1<? super A, ? extends R> task, A a)
      throws ExecutionException, InterruptedException {
    TableCall<A, R> call = single(task, a);
    call.beginWaiting();
    try {
      life.submit(call);
      return awaitValue(call);
    } finally {
      call.endWaiting();
    }
  }

  private static <R> R awaitValue(TableCall<?, R> call)
      throws ExecutionException, InterruptedException {
    try {
      return new SingleResult<R>(call).get();
    } catch (Throwable e) {
      call.cancel(true); // who does not wait takes its task along
      throw e;
    }
  }

  @Override
  public <A, R> AsyncResult<R> applyAsync(Task1<? super A, ? extends R> task, A a) {
    TableCall<A, R> call = single(task, a);
    life.submit(call);
    return new SingleResult<>(call);
  }

  private <A, R> TableCall<A, R> single(Task1<? super A, ? extends R> task, A a) {
    ItemSource<A> source = new ItemSource<>(Collections.singletonList(a), 1);
    return new TableCall<>(life, carrying(task), options, source, true);
  }

  @Override
  public <A, R> MapResult<R> mapAsync(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    ItemSource<A> source = Snapshot.forMap(Objects.requireNonNull(items, "items"));
    TableCall<A, R> call = new TableCall<>(life, carrying(task), options, source, false);
    life.submit(call);
    return new ListResult<>(call);
  }

  @Override
  public <A, R> ResultIterator<R> imap(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    return stream(task, source(items), new OrderedBuffer<>());
  }

  @Override
  public <A, R> ResultIterator<R> imapUnordered(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    return stream(task, source(items), new ArrivalBuffer<>());
  }

  @Override
  public <A, R> ResultIterator<ItemOutcome<A, R>> imapOutcomes(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    HeldItems<A> held = new HeldItems<>();
    ItemSource<A> source = CallPool.<A>source(items).heldIn(held);
    return new OutcomeStream<>(this.<A, R>stream(task, source, new ArrivalBuffer<>()), held);
  }

  private static <A> ItemSource<A> source(Iterable<? extends A> items) {
    return Snapshot.forStream(Objects.requireNonNull(items, "items"));
  }

  private <A, R> ResultStream<R> stream(
      Task1<? super A, ? extends R> task, ItemSource<A> source, ResultBuffer<R> buffer) {
    StreamingCall<A, R> call = new StreamingCall<>(life, carrying(task), options, source, buffer);
    life.submit(call);
    return new ResultStream<>(call);
  }

  /** The task, with what the call takes along of this thread. */
  private <A, R> Task1<? super A, ? extends R> carrying(Task1<? super A, ? extends R> task) {
    return CallContext.carry(Objects.requireNonNull(task, "task"), options.context());
  }

  // ---------------------------------------------------------------- the pool itself

  @Override
  public Pool with(TaskOptions options) {
    return new CallPool(life, onClose, Objects.requireNonNull(options, "options"));
  }

  @Override
  public TaskOptions options() {
    return options;
  }

  @Override
  public <T> Shared<T> share(T value) {
    life.refuseIfShutdown();
    return life.backend().share(value);
  }

  @Override
  public List<WorkerInfo> workers() {
    return life.backend().workers();
  }

  @Override
  public PoolStats stats() {
    Backend backend = life.backend();
    BackendStats known = backend.stats();
    List<PoolStats.Call> calls = new ArrayList<>();
    long open = 0;
    for (PoolCall<?, ?> call : life.calls()) {
      if (!call.isEnded()) { // it leaves the list a moment after its result is there
        calls.add(new PoolStats.Call(call.call(), call.items(), call.done(), call.failed()));
        open += call.open();
      }
    }
    long running = known.workers().stream().filter(worker -> worker.item().isPresent()).count();
    return new PoolStats(
        life.name(),
        Instant.now(),
        life.state(),
        backend.isBroken(),
        known.targetWorkers(),
        known.workers(),
        Math.max(0, open - running),
        calls,
        life.observation().totals(known.sentBytes(), known.receivedBytes()),
        known.times());
  }

  @Override
  public boolean isBroken() {
    return life.backend().isBroken();
  }

  @Override
  public PoolObserver.Registration observe(PoolObserver observer) {
    return life.observation().observe(Objects.requireNonNull(observer, "observer"), life::state);
  }

  @Override
  public boolean cancelCall(long call) {
    return OpenCall.cancel(life, call);
  }

  @Override
  public void resize(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1, was " + workers);
    }
    life.refuseIfShutdown();
    life.backend().resize(workers);
  }

  @Override
  public void prestart() {
    life.refuseIfShutdown();
    life.backend().prestart();
  }

  @Override
  public ExecutorService asExecutorService() {
    return new PoolExecutor(this, life);
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    life.shutdown();
  }

  @Override
  public void join() throws InterruptedException {
    join(Deadline.NEVER);
  }

  @Override
  public boolean join(Duration timeout) throws InterruptedException {
    return join(Deadline.after(timeout));
  }

  private boolean join(Deadline deadline) throws InterruptedException {
    if (!life.isShutdown()) {
      throw new IllegalStateException(
          "join() waits for pool '"
              + life.name()
              + "' to end, but it still takes calls: call shutdown() or terminate() before");
    }
    return life.awaitTermination(deadline);
  }

  @Override
  public void terminate() {
    life.terminate();
  }

  @Override
  public void close() {
    if (onClose.equals(OnClose.TERMINATE)) {
      life.terminate();
      endBy(Deadline.NEVER);
    } else {
      close(onClose.limit().map(Deadline::after).orElse(Deadline.NEVER));
    }
  }

  @Override
  public boolean close(Duration limit) {
    return close(Deadline.after(limit));
  }

  private boolean close(Deadline deadline) {
    life.shutdown();
    ResultStream.closeConsumedHere(life.calls());
    return endBy(deadline);
  }

  /** Waits for the end; terminates the pool when the time is up or this thread is interrupted. */
  private boolean endBy(Deadline deadline) {
    boolean ended = false;
    boolean interrupted = false;
    IllegalStateException never = null;
    try {
      ended = life.awaitTermination(deadline);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (IllegalStateException e) {
      never = e;
    }
    if (!ended) {
      life.terminate();
      try {
        life.awaitTermination(Deadline.after(CLOSE_GRACE));
      } catch (InterruptedException e) { // all is stopped already, and the caller is in a hurry
        interrupted = true;
      } catch (IllegalStateException e) { // what still waits is a thread for this one
        never = e;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (never != null) {
      throw never;
    }
    return ended;
  }

  @Override
  public boolean isShutdown() {
    return life.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return life.isTerminated();
  }

  @Override
  public String toString() {
    return "pool '" + life.name() + "'" + (life.isShutdown() ? ", shut down" : "");
  }
}
