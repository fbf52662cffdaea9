package dev.procpool;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The results to come of a call over many items.
 *
 * <p>{@link #get()} gives all values in the order of the items, or fails with the failure of the
 * lowest-numbered failed item. It completes only when every item has finished: one failure stops no
 * other item. {@link #outcomes()} gives each item's own outcome and never fails.
 *
 * @param <R> the type of one value
 */
public interface MapResult<R extends @Nullable Object> extends AsyncResult<List<R>> {

  /**
   * Waits until every item has finished and gives one outcome an item, in the order of the items.
   * Never fails on account of an item.
   *
   * @return the outcomes; after {@link #cancel cancel}, items that never ran are {@link
   *     Outcome.Cancelled}
   * @throws InterruptedException if this thread was interrupted; the call goes on
   */
  List<Outcome<R>> outcomes() throws InterruptedException;

  /**
   * Waits at most so long and gives what there is: one outcome for each item known so far, in
   * order, {@link Outcome.Pending} for those not finished. The call goes on.
   *
   * <p>This gets the results of the others when one or two of twenty tasks hang.
   *
   * @param timeout the longest time to wait; zero or less: not at all
   * @return the outcomes now; where the size of the source is not known and it has not been read to
   *     its end, those of the items read
   * @throws InterruptedException if this thread was interrupted; the call goes on
   */
  List<Outcome<R>> outcomes(Duration timeout) throws InterruptedException;

  /**
   * Has each item's outcome passed to a callback as it arrives; outcomes that arrived before are
   * passed first. Calls come one after another, as {@link AsyncResult#onSuccess} says, and all
   * before those of {@code onSuccess} and {@code onFailure}.
   *
   * @param callback what to do with an outcome; never sees {@link Outcome.Pending}
   * @return this
   */
  MapResult<R> onOutcome(Consumer<? super Outcome<R>> callback);

  /**
   * Tells how many items have finished, in whatever way.
   *
   * @return the number of outcomes that are not pending
   */
  long completed();

  /**
   * Tells how many items there are.
   *
   * @return the number of items; empty while the source has no known size and has not been read to
   *     its end
   */
  OptionalLong total();

  @Override
  MapResult<R> onSuccess(Consumer<? super List<R>> callback);

  @Override
  MapResult<R> onFailure(Consumer<? super Throwable> callback);
}
