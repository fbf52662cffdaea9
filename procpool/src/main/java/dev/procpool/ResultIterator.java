package dev.procpool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The results of an {@code imap} call, as they come or in order.
 *
 * <p>Consuming drives the call: at most {@link TaskOptions#lookAhead() lookAhead} items are
 * anywhere between source and consumer. Close it to cancel the rest; an iterator read to its end
 * needs no closing.
 *
 * <p>It is an {@link Iterable}, too, for a loop over it; a loop that is left early wants {@code
 * try}, to have the rest cancelled at once:
 *
 * <pre>{@code
 * for (int square : pool.imap(x -> x * x, List.of(1, 2, 3))) {
 *   System.out.println(square);
 * }
 * }</pre>
 *
 * <p>Thread-safe: several threads may consume one iterator, each result goes to one of them. {@code
 * hasNext()} then tells nothing about the next {@code next()}.
 *
 * @param <R> the type of one value
 */
@SuppressWarnings("IterableAndIterator") // for loops over it, and one name for both
public interface ResultIterator<R extends @Nullable Object>
    extends Iterator<R>, Iterable<R>, AutoCloseable {

  /**
   * Waits until there is another result or an item's failure, or the end.
   *
   * @return false at the end
   * @throws RuntimeException the source's own exception, if it threw and all items before it were
   *     consumed; checked exceptions, which a source can only throw by stealth, come as {@link
   *     java.util.concurrent.CompletionException}
   * @throws java.util.concurrent.CancellationException if this thread was interrupted; the call is
   *     then cancelled and the thread's interrupt status set
   */
  @Override
  boolean hasNext();

  /**
   * Tells whether there is a result or an item's failure now. For a consumer that hands results on
   * in batches: when this is false, what it holds back is all there is for the moment.
   *
   * @return whether {@link #next()} and {@link #nextOutcome()} need not wait, unless another thread
   *     takes the result first; false by default, for iterators of others
   * @since 0.2.0
   */
  default boolean hasReady() {
    return false;
  }

  /**
   * Waits for the next result. If it throws an item's failure, the iteration can go on with the
   * item after it.
   *
   * @return the value; may be null
   * @throws java.util.concurrent.CompletionException if the item failed; its cause is the item's
   *     failure, as {@link java.util.concurrent.CompletableFuture#join()} has it
   * @throws java.util.concurrent.CancellationException if the iterator was closed or the pool
   *     terminated
   * @throws NoSuchElementException at the end
   */
  @Override
  R next();

  /**
   * Waits for the next item's outcome, whether it has a value or failed. It tells what {@link
   * #next()} can't: which item it was, how long it ran and where. Calls of both may be mixed.
   *
   * @return the outcome; never {@link Outcome.Pending}
   * @throws java.util.concurrent.CancellationException if the iterator was closed or the pool
   *     terminated
   * @throws NoSuchElementException at the end
   */
  Outcome<R> nextOutcome();

  /**
   * Waits for the next item's outcome, and takes those that are there with it: for a consumer of
   * many small results, to whom each one taken alone costs about as much as what it does with it.
   * What is taken counts as consumed. By default, as many as {@link #hasReady()} tells of.
   *
   * @param most how many at most, at least 1. Fewer come if fewer are there, and one at a time
   *     while a large result is among those that are there
   * @return at least one, in the order in which {@link #nextOutcome()} would give them
   * @throws IllegalArgumentException if {@code most} is less than 1
   * @throws java.util.concurrent.CancellationException if the iterator was closed or the pool
   *     terminated
   * @throws NoSuchElementException at the end
   * @since 0.2.0
   */
  default List<Outcome<R>> nextOutcomes(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1, was " + most);
    }
    List<Outcome<R>> outcomes = new ArrayList<>();
    do {
      outcomes.add(nextOutcome());
    } while (outcomes.size() < most && hasReady());
    return outcomes;
  }

  /**
   * Waits for the next result, at most so long.
   *
   * @param timeout the longest time to wait; zero or less: not at all
   * @return the value; may be null
   * @throws TimeoutException if there is no result in time; the iteration can go on
   * @throws InterruptedException if this thread was interrupted; the iteration can go on
   */
  R next(Duration timeout) throws TimeoutException, InterruptedException;

  /**
   * Waits for the next item's outcome, at most so long.
   *
   * @param timeout the longest time to wait; zero or less: not at all
   * @return the outcome; never {@link Outcome.Pending}
   * @throws TimeoutException if there is none in time; the iteration can go on
   * @throws InterruptedException if this thread was interrupted; the iteration can go on
   * @throws java.util.concurrent.CancellationException if the iterator was closed or the pool
   *     terminated
   * @throws NoSuchElementException at the end
   * @throws UnsupportedOperationException by default, for iterators of others
   * @since 0.2.0
   */
  default Outcome<R> nextOutcome(Duration timeout) throws TimeoutException, InterruptedException {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not override ResultIterator.nextOutcome(Duration)");
  }

  /**
   * Gives this iterator itself: the results can be gone through once.
   *
   * @return this
   * @since 0.2.0
   */
  @Override
  default Iterator<R> iterator() {
    return this;
  }

  /**
   * Gives the remaining results as a sequential stream; closing it closes this iterator.
   *
   * @return the stream
   */
  default Stream<R> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
        .onClose(this::close);
  }

  /**
   * Takes no more items from the source and cancels those that have not started. Items that run end
   * as they would, and the iteration goes on to its end: with the outcome of each item that was
   * taken, {@link Outcome.Cancelled} of those that never ran. For a run that is to be broken off
   * without losing what is under way. Any thread may call it; a second call does nothing.
   *
   * @throws UnsupportedOperationException by default, for iterators of others
   * @since 0.2.0
   */
  default void cancelWaiting() {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not override ResultIterator.cancelWaiting()");
  }

  /** Cancels what has not finished; running items are stopped. A second call does nothing. */
  @Override
  void close();
}
