package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Those who are told of each outcome of a call as it arrives: its {@code onOutcome} callbacks.
 *
 * <p>Guarded by the call's lock; the callbacks run in the call's lane. Made with the first
 * callback.
 *
 * @param <R> the type of the values
 */
final class OutcomeFeeds<R> {

  private final CallbackLane lane;
  private final List<OutcomeFeed<R>> feeds = new ArrayList<>(1);

  OutcomeFeeds(CallbackLane lane) {
    this.lane = lane;
  }

  /** Begins to tell one more, first of the outcomes that the call has among so many items. */
  void open(TableCall<?, R> call, Consumer<? super Outcome<R>> callback, long known) {
    lane.promise(); // on the caller's thread, not on one that reports
    try {
      OutcomeFeed<R> feed = new OutcomeFeed<>(call, callback);
      feeds.add(feed);
      for (long index = 0; index < known; index++) {
        if (call.hasOutcome(index)) {
          feed.add(index, lane);
        }
      }
    } finally {
      lane.endPromise(); // if the call has ended, and has no outcome to tell of
    }
  }

  /** Tells of an item's outcome. */
  void add(long index) {
    for (int i = 0; i < feeds.size(); i++) { // no iterator on this path
      feeds.get(i).add(index, lane);
    }
  }

  /** Tells of the outcomes of a run of items, the last one excluded. */
  void add(long from, long to) {
    for (OutcomeFeed<R> feed : feeds) {
      for (long index = from; index < to; index++) {
        feed.add(index, lane);
      }
    }
  }

  /** Tells of those of so many items that a table has no outcome of. */
  void addMissing(OutcomeTable<R> table, long items) {
    for (long index = 0; index < items; index++) {
      if (!table.contains(index)) {
        add(index);
      }
    }
  }
}
