package dev.procpool.view;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest failures of items, those that are alike counted together. Not thread-safe: {@link
 * PoolFold} owns it.
 *
 * <p>Alike are failures of one kind and class whose messages differ in figures only. Of each group
 * the first and the newest are an example; the groups that were not heard of for longest go first.
 */
final class FailureTable {

  static final int MOST = 40;

  /** Asking an exception for its texts takes microseconds: how many are asked in a tick. */
  static final int MOST_IN_TICK = 250;

  /** Failures that are alike. */
  static final class Group {
    final OutcomeKind kind;
    final FailureText text;
    final Instant first;
    PoolEvent.Call call;
    long index;
    int attempt;
    Optional<PoolEvent.Worker> worker;
    Instant at;
    long count;
    long retried;

    Group(OutcomeKind kind, FailureText text, PoolEvent.Call call, Instant at) {
      this.kind = kind;
      this.text = text;
      this.call = call;
      this.first = at;
      this.at = at;
      this.worker = Optional.empty();
    }
  }

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private int inTick;
  private long unsorted;
  private long version;

  /** An item has failed, for now or for good. */
  void add(
      PoolEvent.Call call,
      long index,
      Outcome<?> outcome,
      Optional<PoolEvent.Worker> worker,
      boolean isRetried,
      Instant at) {
    if (++inTick > MOST_IN_TICK) {
      unsorted++;
      version++;
      return;
    }
    OutcomeKind kind = OutcomeKind.of(outcome);
    String key = FailureText.key(kind, outcome);
    Group group = groups.remove(key);
    if (group == null) {
      group = new Group(kind, FailureText.of(outcome), call, at);
    }
    group.call = call;
    group.index = index;
    group.attempt = outcome.attempts();
    group.worker = worker;
    group.at = at;
    group.count++;
    group.retried += isRetried ? 1 : 0;
    groups.put(key, group); // as the last
    if (groups.size() > MOST) {
      groups.remove(groups.keySet().iterator().next());
    }
    version++;
  }

  void tick() {
    inTick = 0;
  }

  /** Goes up when something changes. */
  long version() {
    return version;
  }

  /** How many failures came too fast to be looked at. */
  long unsorted() {
    return unsorted;
  }

  /** The groups, the newest first. */
  List<Group> groups() {
    List<Group> all = new ArrayList<>(groups.values());
    Collections.reverse(all);
    return all;
  }
}
