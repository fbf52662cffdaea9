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
 * @param <P> what the owner knows of an item
 */
public final class SlotScheduler<P> {

  /** How long a slot is held though there is nothing to do. */
  static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a slot is held at all. */
  static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Work that others wait for is asked back if it would take longer than this. */
  private static final long BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A slot without news for so long is taken to have a slow item. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long an answer to a question for items is waited for before the next question. */
  private static final long ASK_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final SlotOrders<P> orders;
  private final PriorityTurns<SlotCall<P>> turns = new PriorityTurns<>();
  private final WorkerNumbers numbers = new WorkerNumbers();
  private final Map<SlotKey, Slot<P>> slots = new LinkedHashMap<>();

  /** The attempts at each partition, the first one in front: as a rule there is one. */
  private final Map<List<Number>, List<Slot<P>>> attempts = new HashMap<>();

  /** Slots that ask and have no items. */
  private final Set<Slot<P>> idle = new LinkedHashSet<>();

  /** Slots that ask and have items still. */
  private final Set<Slot<P>> early = new LinkedHashSet<>();

  private int target;
  private int prestart;
  private boolean isEnding;

  /** How many calls have items that wait, and how many items. */
  private int hungry;

  private long waiting;
  private int busy;

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
    SlotCall<P> call = item.call();
    call.add(item);
    waiting++;
    if (call.waiting() == 1) {
      hungry++;
    }
    takeTurns(call);
    dispatch(now);
  }

  /** A call that had no room for results has some. */
  public void roomFor(SlotCall<P> call, long now) {
    takeTurns(call);
    dispatch(now);
  }

  private void takeTurns(SlotCall<P> call) {
    if (call.waiting() > 0 && !call.takesTurns()) {
      call.takesTurns(true);
      turns.add(call, call.priority());
    }
  }

  /** Takes out all items of a call that wait. */
  public Collection<SlotItem<P>> takeOut(SlotCall<P> call) {
    if (call.takesTurns()) {
      turns.remove(call);
      call.takesTurns(false);
    }
    Collection<SlotItem<P>> left = call.clear();
    waiting -= left.size();
    if (!left.isEmpty()) {
      hungry--;
    }
    return left;
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
    Slot<P> slot = slots.computeIfAbsent(key, k -> begin(k, now));
    boolean isNew = slot.worker() < 0;
    slot.asked(now);
    (slot.holds() == 0 ? idle : early).add(slot);
    if (isIdleAndOver(slot, now)) {
      leave(slot);
      askForSlots();
      return;
    }
    if (prestart > 0 && isNew && isServed(slot, now)) {
      prestart--;
      giveWorker(slot);
      answered(slot);
      orders.start(slot);
      return;
    }
    dispatch(now);
    askBack(now);
  }

  private Slot<P> begin(SlotKey key, long now) {
    Slot<P> slot = new Slot<>(key, now);
    attempts.computeIfAbsent(partition(key), p -> new ArrayList<>(1)).add(slot);
    return slot;
  }

  private static List<Number> partition(SlotKey key) {
    return List.of(key.job(), key.partition());
  }

  /**
   * Whether another attempt at the same partition is there, by speculation: it has the work. If
   * this one ended first, Spark would kill that.
   */
  private boolean isCopy(Slot<P> slot) {
    List<Slot<P>> all = attempts.get(partition(slot.key()));
    return all != null && all.get(0) != slot;
  }

  /** Gives the slot of a key; null if it is gone, or never was. */
  public @Nullable Slot<P> slot(SlotKey key) {
    return slots.get(key);
  }

  /** An item has its outcome, or is not to have one: no slot has it any more. */
  public void took(SlotItem<P> item, long now) {
    if (leaveSlot(item, now)) {
      item.call().took();
      dispatch(now);
    }
  }

  /** A slot hands back an item that it has not started. */
  public void handedBack(SlotItem<P> item, long now) {
    if (leaveSlot(item, now)) {
      SlotCall<P> call = item.call();
      call.putBack(item);
      waiting++;
      if (call.waiting() == 1) {
        hungry++;
      }
      takeTurns(call);
      dispatch(now);
    }
  }

  private boolean leaveSlot(SlotItem<P> item, long now) {
    Slot<P> slot = item.slot();
    if (slot == null) {
      return false;
    }
    slot.take(item, now);
    if (slot.holds() == 0) {
      busy--;
      if (early.remove(slot)) {
        idle.add(slot);
        if (isIdleAndOver(slot, now)) {
          leave(slot);
        } else {
          askBack(now);
        }
      }
    }
    return true;
  }

  /**
   * Slots are gone: their tasks have ended, or their executor has.
   *
   * @param which which
   * @param executor the executor that is gone with its workers; null if it is there
   * @return the items that they had
   */
  public List<SlotItem<P>> lost(Predicate<SlotKey> which, @Nullable String executor, long now) {
    List<SlotItem<P>> left = new ArrayList<>();
    for (Slot<P> slot : List.copyOf(slots.values())) {
      if (which.test(slot.key())) {
        for (SlotItem<P> item : slot.held()) {
          left.add(item);
          slot.take(item, now);
          item.call().took();
        }
        remove(slot);
      }
    }
    if (executor != null) {
      numbers.lost(executor);
    }
    busy = (int) slots.values().stream().filter(slot -> slot.holds() > 0).count();
    dispatch(now);
    return left;
  }

  private void remove(Slot<P> slot) {
    slots.remove(slot.key());
    idle.remove(slot);
    early.remove(slot);
    numbers.leave(slot.worker());
    List<Slot<P>> all = attempts.get(partition(slot.key()));
    if (all != null && all.remove(slot) && all.isEmpty()) {
      attempts.remove(partition(slot.key()));
    }
  }

  /** Sends a slot away, and other attempts with it: Spark has what it wants of that partition. */
  private void leave(Slot<P> slot) {
    List<Slot<P>> all = List.copyOf(attempts.getOrDefault(partition(slot.key()), List.of()));
    for (Slot<P> each : all) {
      remove(each);
      orders.leave(each);
    }
    releaseSurplus();
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
      if (taken.before() != null) {
        orders.release(taken.before(), taken.number());
      }
    }
  }

  // ---------------------------------------------------------------- giving out

  private void dispatch(long now) {
    if (!isEnding) {
      while (hungry > 0) {
        Slot<P> slot = nextSlot(now);
        if (slot == null || !give(slot, now)) {
          break;
        }
      }
    }
    askForSlots();
  }

  /** The slot to be served next: idle ones first. */
  private @Nullable Slot<P> nextSlot(long now) {
    for (Slot<P> slot : idle) {
      if (isServed(slot, now)) {
        return slot;
      }
    }
    for (Slot<P> slot : early) {
      if (isServed(slot, now)) {
        return slot;
      }
    }
    return null;
  }

  private boolean isServed(Slot<P> slot, long now) {
    boolean hasWorker = slot.worker() < 0 ? numbers.used() < target : slot.worker() < target;
    return hasWorker && !isOver(slot, now) && !isCopy(slot);
  }

  private boolean isIdleAndOver(Slot<P> slot, long now) {
    return slot.isIdle() && !isCopy(slot) && (isEnding || isOver(slot, now));
  }

  private static boolean isOver(Slot<?> slot, long now) {
    return slot.isOlderThan(LEASE_NANOS, now);
  }

  /** Gives a slot items of the call whose turn it is: false if no call may give any. */
  private boolean give(Slot<P> slot, long now) {
    while (true) {
      SlotCall<P> call = turns.poll();
      if (call == null) {
        return false;
      }
      call.takesTurns(false);
      int room = call.room();
      if (room <= 0) {
        continue; // it says so when there is some
      }
      giveWorker(slot);
      int before = slot.holds();
      List<SlotItem<P>> items = call.give(slot, Math.min(room, chunkSize(call)), now);
      waiting -= items.size();
      if (call.waiting() == 0) {
        hungry--;
      }
      if (before == 0) {
        busy++;
      }
      takeTurns(call);
      answered(slot);
      orders.give(slot, items, call.sizes().askAt(items.size()));
      return true;
    }
  }

  private int chunkSize(SlotCall<P> call) {
    int all = Math.max(1, Math.min(target, slots.size()));
    int sharers = call.isPulled() ? 2 * all : Math.max(1, idle.size() + early.size());
    return call.sizes().next(call.waiting(), sharers, hungry <= 1);
  }

  /** Takes work from slots that have too much of it for those that have none. */
  private void askBack(long now) {
    int sharers = hungry > 0 ? 0 : idle.size();
    for (Slot<P> slot : slots.values()) {
      if (sharers == 0) {
        return;
      }
      int spare = slot.holds() - 1;
      if (spare > 0
          && !slot.wasAskedBackWithin(ASK_BACK_NANOS, now)
          && (isStill(slot, now) || remainingNanos(slot) > BACK_NANOS)) {
        slot.askedBack(now);
        orders.askBack(slot, isStill(slot, now) ? spare : (spare + 1) / 2);
        sharers--;
      }
    }
  }

  private static <P> double remainingNanos(Slot<P> slot) {
    double all = 0;
    for (SlotItem<P> item : slot.held()) {
      all += item.call().sizes().itemNanos();
    }
    return all;
  }

  private static boolean isStill(Slot<?> slot, long now) {
    return slot.stillNanos(now) > STILL_NANOS;
  }

  private void askForSlots() {
    if (!isEnding) {
      orders.want((int) Math.min(target, prestart + busy + waiting));
    }
  }

  // ---------------------------------------------------------------- as time goes by

  /** Looks after slots: to be called every tenth of a second or so. */
  public void tick(long now) {
    for (Slot<P> slot : List.copyOf(idle)) {
      boolean isThere = slots.get(slot.key()) == slot; // else it went with another attempt
      if (isThere
          && !isCopy(slot)
          && (isEnding || !isServed(slot, now) || slot.idleNanos(now) > LINGER_NANOS)) {
        leave(slot);
      }
    }
    dispatch(now);
    askBack(now);
  }

  /** Changes how many slots to have at most. */
  public void resize(int number, long now) {
    target = number;
    releaseSurplus();
    tick(now);
  }

  /** Ends the workers whose number is too high, unless a slot has them. */
  private void releaseSurplus() {
    numbers.surplus(target).forEach((number, executor) -> orders.release(executor, number));
  }

  /** Has as many slots start their workers as there are to be. */
  public void prestart(long now) {
    prestart = target;
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
