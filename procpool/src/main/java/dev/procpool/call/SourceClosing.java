package dev.procpool.call;

import dev.procpool.guard.SafeLog;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a call's source is closed, once: by the thread that pulls, when it does no more;
 * or, if the call has ended before any thread pulled, on a thread for users' code. Thread-safe.
 */
final class SourceClosing {

  private enum State {
    UNREAD,
    PULLED,
    ENDED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.UNREAD);

  /** Null once done, so that a result that is kept does not keep its source. */
  private final AtomicReference<@Nullable Runnable> close;

  SourceClosing(Runnable close) {
    this.close = new AtomicReference<>(close);
  }

  /** The thread that pulls is about to: false if the call has ended. */
  boolean begin() {
    return state.get() == State.PULLED || state.compareAndSet(State.UNREAD, State.PULLED);
  }

  /** The call has ended: if nobody has pulled, nobody will, and one of the threads closes it. */
  void end(CallbackThreads threads) {
    if (!state.compareAndSet(State.UNREAD, State.ENDED)) {
      return;
    }
    try {
      CallbackLane lane = new CallbackLane(threads, null);
      lane.end();
      lane.add(this::closeQuietly);
    } catch (
        Throwable
            e) { // no thread, or no memory; whoever waits for the call is to know that it has ended
      SafeLog.log(
          System.Logger.Level.WARNING, "no thread to close the stream of a call: it stays open", e);
    }
  }

  /** Closes the source; throws what that throws. */
  void close() {
    Runnable first = close.getAndSet(null);
    if (first != null) {
      first.run();
    }
  }

  /** Closes the source of a call that has ended: nobody else can be told what that throws. */
  void closeQuietly() {
    try {
      close();
    } catch (Throwable e) {
      SafeLog.log(System.Logger.Level.WARNING, "the stream of a call can't be closed", e);
    }
  }
}
