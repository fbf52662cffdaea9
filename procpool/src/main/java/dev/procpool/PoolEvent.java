package dev.procpool;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that has happened in a pool, as its {@linkplain PoolObserver observers} are told.
 * Immutable.
 *
 * @since 0.2.0
 */
public sealed interface PoolEvent {

  /**
   * Gives the pool's name.
   *
   * @return the name
   */
  String pool();

  /**
   * Tells when it happened, or when the news of it came.
   *
   * @return the time
   */
  Instant at();

  /**
   * A worker, as events name it.
   *
   * @param number its number in its pool, from 0; a replacement takes its predecessor's. -1 if
   *     nobody knows it: of an item that was lost with a machine of a cluster
   * @param host the name of its machine, as that calls itself; "" if nobody knows it
   * @param pid its process; 0 if nobody knows it
   */
  record Worker(int number, String host, long pid) {}

  /**
   * A call, as events name it.
   *
   * @param number the calls of a pool are numbered from 1 as they are made
   * @param label its {@linkplain TaskOptions#label label}
   */
  record Call(long number, Optional<String> label) {}

  /**
   * A pool has another state.
   *
   * @param pool its name
   * @param at when
   * @param state the state that it has now
   * @param cause why it is broken; empty in other states
   */
  record PoolChange(String pool, Instant at, PoolState state, Optional<Throwable> cause)
      implements PoolEvent {}

  /**
   * A worker's process was started.
   *
   * @param pool the pool's name
   * @param at when
   * @param worker the worker
   */
  record WorkerStart(String pool, Instant at, Worker worker) implements PoolEvent {}

  /**
   * A worker is ready for its first item; its initializer has run.
   *
   * @param pool the pool's name
   * @param at when
   * @param worker the worker
   * @param took how long its start took
   */
  record WorkerReady(String pool, Instant at, Worker worker, Duration took) implements PoolEvent {}

  /**
   * A worker has ended.
   *
   * @param pool the pool's name
   * @param at when
   * @param worker the worker
   * @param why what ended it
   * @param exit how its process ended; empty if it was none of its own
   * @param items how many items it had finished
   * @param lived how long
   */
  record WorkerGone(
      String pool,
      Instant at,
      Worker worker,
      WorkerEnd why,
      Optional<WorkerExit> exit,
      long items,
      Duration lived)
      implements PoolEvent {}

  /**
   * A call was made.
   *
   * @param pool the pool's name
   * @param at when
   * @param call the call
   * @param total how many items it has; empty if that is not known
   * @param carried what each {@link dev.procpool.spi.ContextCarrier} has captured of the thread
   *     that made it, by the carrier's name: a trace, a request
   */
  record CallBegin(
      String pool,
      Instant at,
      Call call,
      OptionalLong total,
      Map<String, Map<String, String>> carried)
      implements PoolEvent {

    /** Copies the map. */
    public CallBegin {
      carried = Map.copyOf(carried);
    }
  }

  /**
   * How far a call has come. Comes up to four times a second, if items have ended.
   *
   * @param pool the pool's name
   * @param at when
   * @param call the call
   * @param total how many items it has; empty if that is not known
   * @param done how many items have ended, in whatever way
   * @param failed how many of them without success
   */
  record CallProgress(
      String pool, Instant at, Call call, OptionalLong total, long done, long failed)
      implements PoolEvent {}

  /**
   * A call has ended: all its items have.
   *
   * @param pool the pool's name
   * @param at when
   * @param call the call
   * @param done how many items have ended, in whatever way
   * @param failed how many of them without success
   * @param took since it was made
   */
  record CallEnd(String pool, Instant at, Call call, long done, long failed, Duration took)
      implements PoolEvent {}

  /**
   * Items were sent to a worker together.
   *
   * @param pool the pool's name
   * @param at when
   * @param worker the worker
   * @param call their call
   * @param firstIndex the first of them; the others follow it
   * @param count how many there are
   * @param attempt how often each will have been started
   * @param bytes their encoded size
   */
  record ItemsSent(
      String pool,
      Instant at,
      Worker worker,
      Call call,
      long firstIndex,
      int count,
      int attempt,
      long bytes)
      implements PoolEvent {}

  /**
   * Items of one call that have ended together, with the same kind of outcome. Immutable.
   *
   * <p>What a worker finishes in quick succession is told together, as a record for each item would
   * cost more than a small item itself.
   */
  non-sealed interface ItemsEnd extends PoolEvent {

    /**
     * Gives the items' call.
     *
     * @return the call
     */
    Call call();

    /**
     * Tells how they ended.
     *
     * @return the kind of outcome
     */
    OutcomeKind kind();

    /**
     * Gives the outcome of an item that did not succeed.
     *
     * @return the outcome; empty for successes, and for items that ended with their whole call
     */
    Optional<Outcome<?>> outcome();

    /**
     * Tells how often each was started.
     *
     * @return the number; 0 for items that were not
     */
    int attempts();

    /**
     * Gives the worker that ran them last.
     *
     * @return the worker; empty if none did
     */
    Optional<Worker> worker();

    /**
     * Tells how many items there are.
     *
     * @return the number, at least 1
     */
    int size();

    /**
     * Gives an item's index in its call.
     *
     * @param i the item, from 0
     * @return the index
     */
    long index(int i);

    /**
     * Tells how long the last attempt of an item ran.
     *
     * @param i the item, from 0
     * @return nanoseconds; 0 if it did not run
     */
    long runNanos(int i);

    /**
     * Tells how long the first item waited from when it was taken from its source until it began.
     *
     * @return nanoseconds; -1 if that is not known, as for a repeated attempt
     */
    long waitNanos();

    /**
     * Tells how many bytes the arguments of all took.
     *
     * @return the number; -1 if that is not known
     */
    long sentBytes();

    /**
     * Tells how many bytes the results of all took.
     *
     * @return the number; -1 if that is not known
     */
    long receivedBytes();

    /**
     * Gives an item alone.
     *
     * @param i the item, from 0
     * @return the item; bytes are the mean of those that ended together
     */
    default ItemEnd item(int i) {
      long sent = sentBytes();
      long received = receivedBytes();
      return new ItemEnd(
          pool(),
          at(),
          call(),
          index(i),
          attempts(),
          kind(),
          outcome(),
          worker(),
          runNanos(i),
          waitNanos(),
          sent < 0 ? -1 : sent / size(),
          received < 0 ? -1 : received / size());
    }
  }

  /**
   * An item has ended.
   *
   * @param pool the pool's name
   * @param at when the news came
   * @param call its call
   * @param index its index in its call
   * @param attempts how often it was started; 0 if it was not
   * @param kind how it ended
   * @param outcome its outcome if it did not succeed; empty if it did, or ended with its whole call
   * @param worker the worker that ran it last; empty if none did
   * @param runNanos how long the last attempt ran
   * @param waitNanos how long it waited from when it was taken from its source until it, or the
   *     first of the items that ended together with it, began; -1 if that is not known
   * @param sentBytes how many bytes its argument took; -1 if that is not known
   * @param receivedBytes how many bytes its result took; -1 if that is not known
   */
  record ItemEnd(
      String pool,
      Instant at,
      Call call,
      long index,
      int attempts,
      OutcomeKind kind,
      Optional<Outcome<?>> outcome,
      Optional<Worker> worker,
      long runNanos,
      long waitNanos,
      long sentBytes,
      long receivedBytes)
      implements PoolEvent {}

  /**
   * An item ran into a limit and was stopped. Its end, or another attempt, is told as well.
   *
   * @param pool the pool's name
   * @param at when the news came
   * @param worker the worker that ran it
   * @param call its call
   * @param index its index in its call
   * @param attempt how often it was started
   * @param kind which limit it ran into
   * @param limit the limit
   * @param ran how long it ran
   */
  record ItemTimeout(
      String pool,
      Instant at,
      Worker worker,
      Call call,
      long index,
      int attempt,
      LimitKind kind,
      Duration limit,
      Duration ran)
      implements PoolEvent {}

  /**
   * An item says how far it has come. Of an item that says it often it is told up to four times a
   * second; the first and the last word may be missing.
   *
   * @param pool the pool's name
   * @param at when it was seen
   * @param worker the worker that runs it
   * @param call its call
   * @param index its index in its call
   * @param attempt how often it was started
   * @param progress how far it has come
   */
  record ItemProgress(
      String pool, Instant at, Worker worker, Call call, long index, int attempt, Progress progress)
      implements PoolEvent {}

  /**
   * An item will be tried again.
   *
   * @param pool the pool's name
   * @param at when that was decided
   * @param worker the worker that has tried it
   * @param call its call
   * @param index its index in its call
   * @param outcome the outcome that is not to be the last; tells how often it was started
   * @param delay how long it waits at least
   */
  record ItemRetry(
      String pool,
      Instant at,
      Worker worker,
      Call call,
      long index,
      Outcome<?> outcome,
      Duration delay)
      implements PoolEvent {}
}
