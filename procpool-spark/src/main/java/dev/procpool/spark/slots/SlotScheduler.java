package dev.procpool.spark.slots;

import dev.procpool.scheduler.PriorityTurns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which slot runs which items of which call. It has no thread and no clock: times are
 * arguments, in nanoseconds, and what it decides goes to {@link SlotOrders}. Guarded by its owner's
 * lock.
 *
 * <p>Slots ask; calls take turns by priority; a chunk is of one call. When a slot is idle and
 * nothing waits, items that another has and has not started are asked back. A slot that was held
 * for ten seconds is given back once it is empty, so that others get theirs and executors that are
 * to go can.
 *
 * <p>What happens to a slot, an item or a call takes the same time whatever their number, but for
 * {@link #tick}, {@link #lostExecutor}, {@link #forget} and {@link #resize}, which look at all
 * slots.
 *
 * @param <P> what the owner knows of an item
 */
public final class SlotScheduler<P> {

  /** How long a slot is held though there is nothing to do. */
  static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a slot is held at least, as long as there is something to do. */
  static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** At how many slots to look for one that has too much, whenever one is idle. */
  private static final int LOOKS = 16;

  private final SlotOrders<P> orders;
  private final WorkerNumbers numbers = new WorkerNumbers();
  private final Map<SlotKey, Slot<P>> slots = new LinkedHashMap<>();

  private record Partition(long job, int number) {
    static Partition of(SlotKey key) {
      return new Partition(key.job(), key.partition());
    }
  }

  /** The attempts at each partition, the first one in front: as a rule there is one. */
  private final Map<Partition, List<Slot<P>>> attempts = new HashMap<>();

  // ---- those slots of which no earlier attempt at the same partition is there

  /** Slots that ask and have no items. */
  private final Set<Slot<P>> idle = new LinkedHashSet<>();

  /** Slots that ask and have items still; without those that turned out not to need more yet. */
  private final Set<Slot<P>> early = new LinkedHashSet<>();

  // ----

  private final SpareWork<P> spare = new SpareWork<>();

  /** Calls that have items that wait and, as far as is known, room for their results. */
  private final PriorityTurns<SlotCall<P>> turns = new PriorityTurns<>();

  /** How many calls of each priority take turns. */
  private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

  /** How many items these have. */
  private long waiting;

  /** How many slots have items. */
  private int busy;

  /** The lowest priority that a call had. */
  private int lowest = Integer.MAX_VALUE;

  private int target;
  private int prestart;
  private boolean isEnding;

  /**
   * Makes one without calls and slots.
   *
   * @param target how many slots to have at most
   * @param orders what is done with slots
   */
  public SlotScheduler(int target, SlotOrders<P> orders) {
    this.target = target;
    this.orders = orders;
  }

  // ---------------------------------------------------------------- calls

  /** Has an item wait for a slot. */
  public void add(SlotItem<P> item, long now) {
    item.call().add(item);
    boolean isNews = !item.call().takesTurns();
    waits(item.call());
    dispatch(now);
    if (isNews && item.call().waiting() > 0 && item.call().priority() > lowest) {
      spare.preempt(slots.values(), item.call().priority(), now, orders);
    }
  }

  /** Another item of a call waits. */
  private void waits(SlotCall<P> call) {
    if (call.takesTurns()) {
      waiting++;
    } else {
      takeTurns(call);
    }
  }

  /** A call that had no room for results has some. */
  public void roomFor(SlotCall<P> call, long now) {
    takeTurns(call);
    dispatch(now);
  }

  private void takeTurns(SlotCall<P> call) {
    if (call.waiting() > 0 && !call.takesTurns()) {
      lowest = Math.min(lowest, call.priority());
      call.takesTurns(true);
      turns.add(call, call.priority());
      priorities.merge(call.priority(), 1, Integer::sum);
      waiting += call.waiting();
    }
  }

  /** Takes out all items of a call that wait. */
  public Collection<SlotItem<P>> takeOut(SlotCall<P> call) {
    if (call.takesTurns()) {
      turns.remove(call);
      tookTurn(call);
    }
    return call.clear();
  }

  private void tookTurn(SlotCall<P> call) {
    call.takesTurns(false);
    priorities.computeIfPresent(call.priority(), (each, count) -> count == 1 ? null : count - 1);
    waiting -= call.waiting();
  }

  /** Forgets a call: its items that wait, and those that slots have. */
  public void forget(SlotCall<P> call, long now) {
    takeOut(call);
    for (Slot<P> slot : List.copyOf(slots.values())) {
      for (SlotItem<P> item : slot.held()) {
        if (item.call() == call) {
          took(item, now);
        }
      }
    }
  }

  // ---------------------------------------------------------------- slots

  /** A slot asks for work; it may be a new one. */
  public void asks(SlotKey key, long now) {
    Slot<P> slot = slots.get(key);
    if (slot == null) {
      slot = begin(key, now);
    }
    slot.asked(now);
    sort(slot, now);
    if (prestart > 0 && idle.contains(slot) && slot.worker() < 0 && isServed(slot, now)) {
      giveWorker(slot);
      answered(slot);
      orders.start(slot);
    } else {
      leaveIfOver(slot, now);
      dispatch(now);
      askBack(LOOKS, now);
    }
  }

  private Slot<P> begin(SlotKey key, long now) {
    List<Slot<P>> all = attempts.computeIfAbsent(Partition.of(key), p -> new ArrayList<>(1));
    Slot<P> slot = new Slot<>(key, all, now);
    all.add(slot);
    slots.put(key, slot);
    return slot;
  }

  /** Puts a slot, which has changed, where it belongs. */
  private void sort(Slot<P> slot, long now) {
    boolean isCopy = slot.isCopy();
    put(slot, idle, !isCopy && slot.isIdle());
    put(slot, early, !isCopy && slot.asks() && slot.holds() > 0 && !isOver(slot, now));
    spare.changed(slot);
  }

  private static <P> void put(Slot<P> slot, Set<Slot<P>> where, boolean isThere) {
    if (isThere) {
      where.add(slot);
    } else {
      where.remove(slot);
    }
  }

  /** Gives the slot of a key; null if it is gone, or never was. */
  public @Nullable Slot<P> slot(SlotKey key) {
    return slots.get(key);
  }

  /** An item has its outcome, or is not to have one: no slot has it any more. */
  public void took(SlotItem<P> item, long now) {
    Slot<P> slot = item.slot();
    if (slot != null) {
      item.ended();
      leaveSlot(item, slot, now);
      dispatch(now);
      if (slot.isIdle()) {
        askBack(LOOKS, now);
      }
    }
  }

  /** A slot hands back an item that it has not started. */
  public void handedBack(SlotItem<P> item, long now) {
    Slot<P> slot = item.slot();
    if (slot != null) {
      spare.answered(slot);
      leaveSlot(item, slot, now);
      item.call().putBack(item);
      waits(item.call());
      dispatch(now);
    }
  }

  private void leaveSlot(SlotItem<P> item, Slot<P> slot, long now) {
    slot.take(item, now);
    busy -= slot.holds() == 0 ? 1 : 0;
    sort(slot, now);
    leaveIfOver(slot, now);
  }

  /** An executor is gone, with its slots and workers: gives the items that they had. */
  public List<SlotItem<P>> lostExecutor(String executor, long now) {
    List<SlotItem<P>> left = new ArrayList<>();
    for (Slot<P> slot : List.copyOf(slots.values())) {
      if (slot.key().executor().equals(executor)) {
        drop(slot, left, now);
        numbers.leave(slot.worker());
      }
    }
    numbers.lost(executor);
    releaseSurplus();
    dispatch(now);
    return left;
  }

  /**
   * A slot is gone, as its task has ended: gives the items that it had. If there are any, its
   * worker may run them still: its number is not given to others until {@link #ended}.
   */
  public List<SlotItem<P>> lostSlot(SlotKey key, long now) {
    List<SlotItem<P>> left = new ArrayList<>();
    Slot<P> slot = slots.get(key);
    if (slot != null) {
      drop(slot, left, now);
      if (left.isEmpty()) {
        numbers.leave(slot.worker());
      }
      releaseSurplus();
      dispatch(now);
    }
    return left;
  }

  private void drop(Slot<P> slot, List<SlotItem<P>> left, long now) {
    busy -= slot.holds() > 0 ? 1 : 0;
    for (SlotItem<P> item : slot.held()) {
      left.add(item);
      item.ended();
      slot.take(item, now);
    }
    remove(slot, now);
  }

  /** The worker of a slot that was lost while it had items has ended. */
  public void ended(int worker, long now) {
    numbers.free(worker);
    dispatch(now);
  }

  /** Gives slots no more: they leave once they have no items. Their job has ended. */
  public void expire(Predicate<SlotKey> which, long now) {
    for (Slot<P> slot : List.copyOf(slots.values())) {
      if (which.test(slot.key()) && slots.get(slot.key()) == slot) {
        slot.expire();
        sort(slot, now);
        leaveIfOver(slot, now);
      }
    }
    dispatch(now);
  }

  private void remove(Slot<P> slot, long now) {
    slots.remove(slot.key());
    idle.remove(slot);
    early.remove(slot);
    spare.changed(slot);
    List<Slot<P>> all = slot.attempts();
    all.remove(slot);
    if (all.isEmpty()) {
      attempts.remove(Partition.of(slot.key()));
    } else {
      sort(all.get(0), now);
    }
  }

  /** Sends a slot away, and other attempts with it: Spark has what it wants of that partition. */
  private void leave(Slot<P> slot, long now) {
    for (Slot<P> each : List.copyOf(slot.attempts())) {
      remove(each, now);
      numbers.leave(each.worker());
      orders.leave(each);
    }
    releaseSurplus();
  }

  private void leaveIfOver(Slot<P> slot, long now) {
    if (idle.contains(slot) && (isEnding || !isServed(slot, now))) {
      leave(slot, now);
    }
  }

  private void answered(Slot<P> slot) {
    slot.answered();
    idle.remove(slot);
    early.remove(slot);
  }

  private void giveWorker(Slot<P> slot) {
    if (slot.worker() < 0) {
      WorkerNumbers.Taken taken = numbers.take(slot.key().executor(), target);
      slot.worker(taken.number());
      prestart = Math.max(0, prestart - 1);
      if (taken.before() != null) {
        orders.release(taken.before(), taken.number());
      }
    }
  }

  // ---------------------------------------------------------------- giving out

  private void dispatch(long now) {
    while (!priorities.isEmpty() && !isEnding) {
      Slot<P> slot = nextSlot(now);
      if (slot == null || !give(slot, now)) {
        break;
      }
    }
    if (!isEnding) {
      orders.want((int) Math.min(target, prestart + busy + waiting));
    }
  }

  /** The slot to be served next: idle ones first. */
  private @Nullable Slot<P> nextSlot(long now) {
    while (!idle.isEmpty()) {
      Slot<P> slot = idle.iterator().next();
      if (isServed(slot, now)) {
        return slot;
      }
      leave(slot, now);
    }
    while (!early.isEmpty()) {
      Slot<P> slot = early.iterator().next();
      if (isServed(slot, now) && !slot.isStill(now)) {
        return slot;
      }
      early.remove(slot); // until one of its items ends
    }
    return null;
  }

  private boolean isServed(Slot<P> slot, long now) {
    boolean hasWorker = slot.worker() < 0 ? numbers.used() < target : slot.worker() < target;
    return hasWorker && !isOver(slot, now);
  }

  private static boolean isOver(Slot<?> slot, long now) {
    return slot.isExpired() || slot.isOlderThan(LEASE_NANOS + lease(slot), now);
  }

  /**
   * How much longer a slot is held than others, up to half the time. They begin together; if they
   * ended together they would all wait while Spark starts one task after another.
   */
  private static long lease(Slot<?> slot) {
    return Math.floorMod(slot.key().attempt(), 64) * (LEASE_NANOS / 128);
  }

  /** Gives a slot items of the call whose turn it is: false if no call may give any. */
  private boolean give(Slot<P> slot, long now) {
    for (SlotCall<P> call = turns.poll(); call != null; call = turns.poll()) {
      tookTurn(call);
      int room = call.room();
      if (call.hasRoom(room)) { // else it says so when there is some
        giveWorker(slot);
        busy += slot.holds() == 0 ? 1 : 0;
        List<SlotItem<P>> items = call.give(slot, chunkSize(call), room, now);
        takeTurns(call);
        answered(slot);
        sort(slot, now);
        orders.give(slot, items, call.sizes().askAt());
        return true;
      }
    }
    return false;
  }

  private int chunkSize(SlotCall<P> call) {
    int all = Math.max(1, Math.min(target, slots.size()));
    int sharers = call.isPulled() ? 2 * all : Math.max(1, idle.size() + early.size());
    return call.sizes().next(call.waiting(), sharers, others(call));
  }

  private ChunkSizes.Others others(SlotCall<P> call) {
    if (priorities.isEmpty()) {
      return ChunkSizes.Others.NONE;
    }
    return priorities.lastKey() > call.priority()
        ? ChunkSizes.Others.MORE_URGENT
        : ChunkSizes.Others.EQUAL;
  }

  /** Takes work from slots that have too much of it for those that have none. */
  private void askBack(int looks, long now) {
    if (!isEnding) {
      spare.askBack(idle.size(), looks, now, orders);
    }
  }

  // ---------------------------------------------------------------- as time goes by

  /** Looks after slots: to be called every tenth of a second or so. */
  public void tick(long now) {
    for (Slot<P> slot : List.copyOf(idle)) {
      if (isEnding || !isServed(slot, now) || slot.idleNanos(now) > LINGER_NANOS) {
        leave(slot, now);
      }
    }
    dispatch(now);
    askBack(Integer.MAX_VALUE, now);
  }

  /** Changes how many slots to have at most. */
  public void resize(int number, long now) {
    target = number;
    prestart = Math.min(prestart, number);
    slots.values().forEach(slot -> sort(slot, now));
    releaseSurplus();
    tick(now);
  }

  /** Ends the workers whose number is too high, unless a slot has them. */
  private void releaseSurplus() {
    numbers.surplus(target).forEach((number, executor) -> orders.release(executor, number));
  }

  /** Has as many slots start their workers as there are to be. */
  public void prestart(long now) {
    prestart = Math.max(0, target - numbers.known());
    dispatch(now);
  }

  /** Gives nothing more out; slots leave as they ask. */
  public void end(long now) {
    isEnding = true;
    tick(now);
  }

  public int target() {
    return target;
  }

  /** Tells whether it has no slot. */
  public boolean isEmpty() {
    return slots.isEmpty();
  }

  /** The slots of a kind. */
  public List<SlotKey> keys(Predicate<SlotKey> which) {
    return slots.keySet().stream().filter(which).toList();
  }
}
