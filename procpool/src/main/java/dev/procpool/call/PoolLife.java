package dev.procpool.call;

import dev.procpool.PoolState;
import dev.procpool.PoolTerminatedException;
import dev.procpool.guard.Waits;
import dev.procpool.nesting.Bootstrapping;
import dev.procpool.nesting.Nesting;
import dev.procpool.observe.Observation;
import dev.procpool.spi.Backend;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The life of a pool, shared by all its views: which calls run, whether new ones are taken.
 *
 * <pre>
 *   RUNNING     calls are taken
 *     | shutdown(): once no call is half handed over, the backend is told
 *   SHUTDOWN    calls are refused, those taken run to their end
 *     | terminate(), from RUNNING too: the backend is stopped, unfinished calls are aborted
 *   STOPPED     calls are refused, none is left
 *
 *   TERMINATED  is SHUTDOWN or STOPPED with no call, no callback and no worker left
 * </pre>
 *
 * <p>{@code lock} guards the state, the set of calls and the count of calls being handed over;
 * backend and calls are called without it. Users reach this object through views, iterators and
 * running calls only; once nobody does, the backend is terminated. So neither the backend nor a
 * thread of the pool may refer to it other than through a running call.
 */
final class PoolLife {

  private enum State {
    RUNNING,
    SHUTDOWN,
    STOPPED
  }

  private static final long RETRY_NANOS = 50_000_000;

  private final String name;
  private final Backend backend;
  private final CallbackThreads callbacks;
  private final Observation observation;

  /**
   * Ends the backend once nobody can reach this; null in a worker before the first use: a pool that
   * is only made there starts nothing, no cleaner's thread either.
   */
  private volatile @Nullable Abandonment abandonment;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<PoolCall<?, ?>> calls = new HashSet<>();
  private State state = State.RUNNING;
  private int handingOver;
  private long lastCall;
  private boolean backendTold;

  /** Set once everything was seen to have ended; never unset. */
  private volatile boolean terminated;

  PoolLife(String name, Backend backend, Observation observation) {
    this.name = name;
    this.backend = backend;
    this.callbacks = new CallbackThreads(name);
    this.observation = observation;
    if (!Nesting.isWorker()) {
      observation.begin();
      endWhenUnreachable();
    }
  }

  private void endWhenUnreachable() {
    lock.lock();
    try {
      if (abandonment == null) {
        abandonment = new Abandonment(this, new UnreachablePool(backend, observation));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has nothing done any more when this is unreachable. */
  private void callOffAbandonment() {
    Abandonment pending = abandonment;
    if (pending != null) {
      pending.callOff();
    }
  }

  String name() {
    return name;
  }

  Backend backend() {
    if (abandonment == null) {
      endWhenUnreachable();
    }
    return backend;
  }

  CallbackThreads callbacks() {
    return callbacks;
  }

  Observation observation() {
    return observation;
  }

  /** Where the pool is in its life. */
  PoolState state() {
    boolean isBroken = backend.isBroken();
    lock.lock();
    try {
      return terminated
          ? PoolState.TERMINATED
          : state == State.STOPPED
              ? PoolState.STOPPING
              : isBroken
                  ? PoolState.BROKEN
                  : state == State.SHUTDOWN ? PoolState.SHUTDOWN : PoolState.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  /** The calls under way, the oldest first. */
  List<PoolCall<?, ?>> calls() {
    lock.lock();
    try {
      return calls.stream().sorted(Comparator.comparingLong(PoolCall::number)).toList();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- calls

  /** Hands a call to the backend. A call that races with shutdown is either taken or refused. */
  void submit(PoolCall<?, ?> call) {
    if (Nesting.isWorker()) {
      Bootstrapping.refuseCall(name);
      observation.begin();
      endWhenUnreachable();
    }
    Throwable failure = null;
    boolean isTaken = false;
    try {
      lock.lock();
      try {
        throwIfRefusing();
        call.begin(++lastCall);
        calls.add(call);
        handingOver++;
        isTaken = true;
        observation.callBegun(call); // who terminates the pool now tells the end after this
      } finally {
        lock.unlock();
      }
      backend.submit(call);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      if (isTaken) {
        handedOver(call, failure);
      }
    }
  }

  private void handedOver(PoolCall<?, ?> call, @Nullable Throwable failure) {
    State now;
    Waits.lock(lock);
    try {
      handingOver--;
      call.unsent = failure;
      now = state;
    } finally {
      lock.unlock();
    }
    if (failure != null || now == State.STOPPED) {
      call.abort(failure == null ? terminatedException() : failure);
    }
    if (now != State.RUNNING) { // else whoever shuts down from now on does
      tellBackend();
    }
  }

  /** Ends the calls that could neither be handed over nor, for want of memory, be ended then. */
  private boolean endUnsent() {
    try {
      for (PoolCall<?, ?> call : calls()) {
        Throwable why = call.unsent;
        if (why != null) {
          call.abort(why);
        }
      }
      return true;
    } catch (VirtualMachineError | LinkageError e) {
      return false;
    }
  }

  /** Takes a call off the list; called by the call when it has ended and queued its callbacks. */
  void ended(PoolCall<?, ?> call, long nanos) {
    long done = call.done(); // before: for a large call its lock may be held for long
    long failed = call.failed();
    lock.lock();
    try {
      if (calls.contains(call)) {
        observation.callEnded(call, done, failed, nanos); // before anybody can see the pool's end
        calls.remove(call);
      }
      if (calls.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Throws if calls are refused, and says why. */
  void refuseIfShutdown() {
    lock.lock();
    try {
      throwIfRefusing();
    } finally {
      lock.unlock();
    }
  }

  private void throwIfRefusing() {
    if (state != State.RUNNING) {
      throw new RejectedExecutionException(
          "pool '"
              + name
              + "' takes no more calls: it was "
              + (state == State.STOPPED ? "terminated" : "shut down"));
    }
  }

  // ---------------------------------------------------------------- the end

  boolean isShutdown() {
    lock.lock();
    try {
      return state != State.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  void shutdown() {
    lock.lock();
    try {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
        observation.poolChanged(PoolState.SHUTDOWN, null);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    tellBackend();
  }

  /** Shuts the backend down when that is due: after the last call was handed over. */
  private void tellBackend() {
    lock.lock();
    try {
      if (state != State.SHUTDOWN || handingOver > 0 || backendTold) {
        return;
      }
      backendTold = true;
    } finally {
      lock.unlock();
    }
    try {
      backend.shutdown();
    } catch (Throwable e) { // no memory, say: whoever shuts down again tells it
      backendNotTold();
      throw e;
    }
    callOffAbandonment(); // what runs still holds this; the rest ends by itself
  }

  private void backendNotTold() {
    lock.lock();
    try {
      backendTold = false;
    } finally {
      lock.unlock();
    }
  }

  void terminate() {
    List<PoolCall<?, ?>> unfinished;
    lock.lock();
    try {
      if (state == State.STOPPED && calls.isEmpty()) {
        return;
      } // else it may have run out of memory before
      unfinished = List.copyOf(calls);
      if (state != State.STOPPED) {
        observation.poolChanged(PoolState.STOPPING, null);
      }
      state = State.STOPPED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      backend.terminate();
    } finally {
      callOffAbandonment();
      unfinished.forEach(call -> call.abort(terminatedException()));
    }
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException(
        "pool '" + name + "' was terminated before the call had finished");
  }

  /**
   * Waits for the state TERMINATED; a callback does not wait for callbacks. Throws if the pool
   * would wait for this thread for ever.
   */
  boolean awaitTermination(Deadline deadline) throws InterruptedException {
    Patience patience = Patience.withEnd(name);
    while (true) {
      long retry = endUnsent() ? Long.MAX_VALUE : RETRY_NANOS;
      long left = deadline.remaining();
      long slice = Math.min(retry, patience.slice());
      if (awaitEnd(left <= slice ? deadline : new Deadline(System.nanoTime(), slice))) {
        return true;
      } else if (left <= slice) {
        return false;
      }
      IllegalStateException never = patience.look();
      if (never != null) {
        throw never;
      }
    }
  }

  private boolean awaitEnd(Deadline deadline) throws InterruptedException {
    if (terminated) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (state == State.RUNNING || !calls.isEmpty()) {
        long left = deadline.remaining();
        if (left <= 0) {
          return false;
        }
        Waits.await(changed, lock, left);
      }
    } finally {
      lock.unlock();
    }
    if (!callbacks.awaitIdle(deadline) || !backend.awaitTermination(deadline.left())) {
      return false;
    }
    observation.terminated(); // a backend may not have told
    if (!observation.awaitDelivered(Nanos.of(deadline.left()))) {
      return false;
    }
    if (!callbacks.isCallback() && !observation.isObserver()) { // for these more is to come
      terminated = true;
      callbacks.retire();
    }
    return true;
  }

  boolean isTerminated() {
    boolean interrupted = Thread.interrupted();
    try {
      return awaitTermination(Deadline.after(Duration.ZERO));
    } catch (InterruptedException e) { // by someone else just now: nothing here waits
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
