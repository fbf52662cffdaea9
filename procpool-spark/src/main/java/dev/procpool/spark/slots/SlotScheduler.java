package dev.procpool.spark.slots;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
 * <p>What happens to a slot, an item or a call takes the same time whatever their number, but for
 * {@link #tick}, {@link #lostExecutor}, {@link #forget} and {@link #resize}, which look at all
 * slots.
 *
 * @param <P> what the owner knows of an item
 */
public final class SlotScheduler<P> {

  /** How long a slot is held though there is nothing to do. */
  static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** At how many slots to look for one that has too much, whenever one is idle. */
  private static final int LOOKS = 16;

  private final SlotOrders<P> orders;
  private final WorkerNumbers numbers = new WorkerNumbers();
  private final SlotPlaces<P> slots = new SlotPlaces<>();
  private final CallTurns<P> turns = new CallTurns<>();

  /** How many slots have items. */
  private int busy;

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
    add(List.of(item), now);
  }

  /** Has items of one call wait for slots. */
  public void add(List<SlotItem<P>> items, long now) {
    SlotCall<P> call = items.get(0).call();
    boolean isNews = !call.takesTurns();
    for (SlotItem<P> item : items) {
      call.add(item);
      turns.waits(call);
    }
    dispatch(now);
    if (isNews && call.waiting() > 0 && turns.isAboveLowest(call.priority())) {
      slots.preempt(call.priority(), now, orders);
    }
  }

  /** A call that had no room for results has some. */
  public void roomFor(SlotCall<P> call, long now) {
    turns.takeTurns(call);
    dispatch(now);
  }

  /** Takes out all items of a call that wait. */
  public Collection<SlotItem<P>> takeOut(SlotCall<P> call) {
    turns.remove(call);
    return call.clear();
  }

  /** Forgets a call: its items that wait, and those that slots have. */
  public void forget(SlotCall<P> call, long now) {
    takeOut(call);
    for (Slot<P> slot : slots.all()) {
      took(slot.held().stream().filter(item -> item.call() == call).toList(), now);
    }
  }

  // ---------------------------------------------------------------- slots

  /** A slot asks for work; it may be a new one. */
  public void asks(SlotKey key, long now) {
    Slot<P> slot = slots.get(key);
    if (slot == null) {
      slot = slots.begin(key, now);
    }
    slot.asked(now);
    slots.sort(slot, now);
    if (prestart > 0 && slots.isIdle(slot) && slot.worker() < 0 && isServed(slot, now)) {
      giveWorker(slot);
      slots.answered(slot);
      orders.start(slot);
    } else {
      leaveIfOver(slot, now);
      dispatch(now);
      askBack(LOOKS, now);
    }
  }

  /** Gives the slot of a key; null if it is gone, or never was. */
  public @Nullable Slot<P> slot(SlotKey key) {
    return slots.get(key);
  }

  /** Items have their outcomes, or are not to have one: no slot has them any more. */
  public void took(Collection<SlotItem<P>> items, long now) {
    Set<Slot<P>> changed = new LinkedHashSet<>(2);
    for (SlotItem<P> item : items) {
      Slot<P> slot = item.slot();
      if (slot != null) {
        changed.add(slot); // first: if there is no memory, it can be told once more
        item.ended();
        take(item, slot, now);
      }
    }
    for (Slot<P> slot : changed) {
      slots.sort(slot, now);
      leaveIfOver(slot, now);
    }
    if (!changed.isEmpty()) {
      dispatch(now);
      if (changed.stream().anyMatch(Slot::isIdle)) {
        askBack(LOOKS, now);
      }
    }
  }

  /** A slot hands back an item that it has not started. */
  public void handedBack(SlotItem<P> item, long now) {
    Slot<P> slot = item.slot();
    if (slot != null) {
      slots.handedBack(slot);
      take(item, slot, now);
      slots.sort(slot, now);
      leaveIfOver(slot, now);
      item.call().putBack(item);
      turns.waits(item.call());
      dispatch(now);
    }
  }

  private void take(SlotItem<P> item, Slot<P> slot, long now) {
    slot.take(item, now);
    busy -= slot.holds() == 0 ? 1 : 0;
  }

  /** An executor is gone, with its slots and workers: gives the items that they had. */
  public List<SlotItem<P>> lostExecutor(String executor, long now) {
    List<SlotItem<P>> left = new ArrayList<>();
    for (Slot<P> slot : slots.all()) {
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
    slots.remove(slot, now);
  }

  /** The worker of a slot that was lost while it had items has ended. */
  public void ended(int worker, long now) {
    numbers.free(worker);
    dispatch(now);
  }

  /** Gives slots no more: they leave once they have no items. Their job has ended. */
  public void expire(Predicate<SlotKey> which, long now) {
    for (Slot<P> slot : slots.all()) {
      if (which.test(slot.key()) && slots.get(slot.key()) == slot) {
        slot.expire();
        slots.sort(slot, now);
        leaveIfOver(slot, now);
      }
    }
    dispatch(now);
  }

  /** Sends a slot away, and other attempts with it: Spark has what it wants of that partition. */
  private void leave(Slot<P> slot, long now) {
    for (Slot<P> each : List.copyOf(slot.attempts())) {
      slots.remove(each, now);
      numbers.leave(each.worker());
      orders.leave(each);
    }
    releaseSurplus();
  }

  private void leaveIfOver(Slot<P> slot, long now) {
    if (slots.isIdle(slot) && (isEnding || !isServed(slot, now))) {
      leave(slot, now);
    }
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
    while (!turns.isEmpty() && !isEnding) {
      Slot<P> slot = nextSlot(now);
      if (slot == null || !give(slot, now)) {
        break;
      }
    }
    if (!isEnding) {
      orders.want((int) Math.min(target, prestart + busy + turns.waiting()));
    }
  }

  /** The slot to be served next: idle ones first. */
  private @Nullable Slot<P> nextSlot(long now) {
    for (Slot<P> slot = slots.firstIdle(); slot != null; slot = slots.firstIdle()) {
      if (isServed(slot, now)) {
        return slot;
      }
      leave(slot, now);
    }
    for (Slot<P> slot = slots.firstEarly(); slot != null; slot = slots.firstEarly()) {
      if (isServed(slot, now) && !slot.isStill(now)) {
        return slot;
      }
      slots.notEarly(slot);
    }
    return null;
  }

  private boolean isServed(Slot<P> slot, long now) {
    boolean hasWorker = slot.worker() < 0 ? numbers.used() < target : slot.worker() < target;
    return hasWorker && !slot.isOver(now);
  }

  /** Gives a slot items of the call whose turn it is: false if no call may give any. */
  private boolean give(Slot<P> slot, long now) {
    for (SlotCall<P> call = turns.poll(); call != null; call = turns.poll()) {
      int room = call.room();
      if (call.hasRoom(room)) { // else it says so when there is some
        giveWorker(slot);
        busy += slot.holds() == 0 ? 1 : 0;
        List<SlotItem<P>> items = call.give(slot, chunkSize(call), room, now);
        turns.takeTurns(call);
        slots.answered(slot);
        slots.sort(slot, now);
        orders.give(slot, items, call.sizes().askAt());
        return true;
      }
    }
    return false;
  }

  private int chunkSize(SlotCall<P> call) {
    int all = Math.max(1, Math.min(target, slots.size()));
    int sharers = call.isPulled() ? 2 * all : Math.max(1, slots.askingCount());
    return call.sizes().next(call.waiting(), sharers, turns.others(call));
  }

  /** Takes work from slots that have too much of it for those that have none. */
  private void askBack(int looks, long now) {
    if (!isEnding) {
      slots.askBack(looks, now, orders);
    }
  }

  // ---------------------------------------------------------------- as time goes by

  /** Looks after slots: to be called every tenth of a second or so. */
  public void tick(long now) {
    for (Slot<P> slot : slots.idle()) {
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
    slots.all().forEach(slot -> slots.sort(slot, now));
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
    return slots.size() == 0;
  }

  /** The slots of a kind. */
  public List<SlotKey> keys(Predicate<SlotKey> which) {
    return slots.keys(which);
  }
}
