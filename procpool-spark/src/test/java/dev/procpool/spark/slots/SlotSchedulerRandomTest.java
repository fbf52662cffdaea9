package dev.procpool.spark.slots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random events against a model that knows where each item is: waiting, with a slot, delayed or
 * ended. The same seed gives the same events.
 */
class SlotSchedulerRandomTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int EXECUTORS = 4;

  private static final class Call extends SlotCall<Integer> {
    int room = Integer.MAX_VALUE;

    Call(int priority, int chunkSize) {
      super(priority, chunkSize);
    }

    @Override
    protected int room() {
      return room;
    }
  }

  /** What a slot has by what it was told. */
  private static final class Model {
    final SlotKey key;
    final long since;
    final int number;
    final List<SlotItem<Integer>> held = new ArrayList<>();
    boolean asks;
    int worker = -1;
    long askedBackAt = Long.MIN_VALUE / 2;

    Model(SlotKey key, int number, long since) {
      this.key = key;
      this.number = number;
      this.since = since;
    }
  }

  private SplittableRandom random = new SplittableRandom();
  private long now;
  private int target = 4;
  private int wanted;
  private int items;
  private long attempts;
  private int partitions;
  private int models;
  private boolean isEnding;
  private SlotScheduler<Integer> scheduler = new SlotScheduler<>(target, new Orders());
  private final Map<SlotKey, Model> slots = new LinkedHashMap<>();
  private final Map<Integer, String> workers = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final Map<Call, Set<SlotItem<Integer>>> waiting = new HashMap<>();
  private final List<SlotItem<Integer>> delayed = new ArrayList<>();
  private int ended;

  private final class Orders implements SlotOrders<Integer> {

    private Model answered(Slot<Integer> slot) {
      Model model = slots.get(slot.key());
      assertThat(model).as("%s is there", slot).isNotNull();
      assertThat(model.asks).as("%s asks", slot).isTrue();
      model.asks = false;
      return model;
    }

    private void works(Model model, Slot<Integer> slot) {
      assertThat(isEnding).isFalse();
      assertThat(isCopy(model)).as("%s is a copy", slot).isFalse();
      assertThat(slot.worker()).isBetween(0, target - 1);
      if (model.worker >= 0) {
        assertThat(slot.worker()).isEqualTo(model.worker);
      }
      model.worker = slot.worker();
      String before = workers.put(model.worker, model.key.executor());
      assertThat(before).as("the executor of %s", slot).isIn(null, model.key.executor());
      assertThat(slots.values().stream().filter(each -> each.worker == model.worker))
          .as("slots of one worker")
          .hasSize(1);
    }

    @Override
    public void give(Slot<Integer> slot, List<SlotItem<Integer>> given, int askAt) {
      Model model = answered(slot);
      works(model, slot);
      assertThat(now - model.since).isLessThanOrEqualTo(2 * Slot.LEASE_NANOS);
      Call call = (Call) given.get(0).call();
      for (SlotItem<Integer> item : given) {
        assertThat(item.call()).isSameAs(call);
        assertThat(waiting.get(call).remove(item)).as("item %s waits", item.payload()).isTrue();
        model.held.add(item);
        if (!item.wasStarted() && call.room != Integer.MAX_VALUE) {
          assertThat(call.room--).isPositive();
        }
      }
    }

    @Override
    public void start(Slot<Integer> slot) {
      works(answered(slot), slot);
    }

    @Override
    public void leave(Slot<Integer> slot) {
      assertThat(answered(slot).held).isEmpty();
      slots.remove(slot.key());
    }

    @Override
    public void askBack(Slot<Integer> slot, int most) {
      Model model = slots.get(slot.key());
      assertThat(model).isNotNull();
      assertThat(most).isBetween(1, model.held.size() - 1);
      assertThat(now - model.askedBackAt).isGreaterThanOrEqualTo(SpareWork.PAUSE_NANOS);
      model.askedBackAt = now;
    }

    @Override
    public void release(String executor, int worker) {
      assertThat(workers.remove(worker)).isEqualTo(executor);
      assertThat(slots.values()).noneMatch(each -> each.worker == worker);
    }

    @Override
    public void want(int number) {
      assertThat(number).isBetween(0, target);
      wanted = number;
    }
  }

  private boolean isCopy(Model model) {
    return slots.values().stream()
        .anyMatch(
            each -> each.key.partition() == model.key.partition() && each.number < model.number);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyItemIsInOnePlace(long seed) {
    random = new SplittableRandom(seed);
    for (int priority : new int[] {0, 0, 1}) {
      Call call = new Call(priority, random.nextInt(2) * random.nextInt(1, 10));
      calls.add(call);
      waiting.put(call, new HashSet<>());
    }
    for (int i = 0; i < 2000; i++) {
      now += random.nextInt(3) == 0 ? random.nextLong(60 * MILLI) : 0;
      event();
      verify();
    }
    finish();
  }

  private void event() {
    int what = random.nextInt(100);
    if (what < 25) {
      add();
    } else if (what < 50) {
      ask();
    } else if (what < 70) {
      took();
    } else if (what < 76) {
      handBack();
    } else if (what < 82) {
      tick();
    } else if (what < 86) {
      retry();
    } else if (what < 88) {
      loseSlot();
    } else if (what < 89) {
      loseExecutor();
    } else if (what < 91) {
      resize();
    } else if (what < 96) {
      changeRoom();
    } else if (what < 97) {
      takeOut();
    } else if (what < 98) {
      scheduler.prestart(now);
    } else {
      Call call = any(calls);
      call.measured(random.nextLong(30 * MILLI), random.nextLong(1000));
    }
  }

  private <T> @Nullable T anyOf(Collection<T> all) {
    return all.isEmpty() ? null : new ArrayList<>(all).get(random.nextInt(all.size()));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private List<Model> models() {
    return List.copyOf(slots.values());
  }

  private void add() {
    Call call = any(calls);
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      SlotItem<Integer> item = new SlotItem<>(call, items++, 100);
      waiting.get(call).add(item);
      scheduler.add(item, now);
    }
  }

  private void ask() {
    Model asking = anyOf(models().stream().filter(each -> !each.asks).toList());
    if (asking == null || random.nextInt(4) == 0) {
      Model original = random.nextInt(5) == 0 ? anyOf(models()) : null;
      int partition = original == null ? partitions++ : original.key.partition();
      SlotKey key = new SlotKey(1, partition, attempts++, "e" + random.nextInt(EXECUTORS));
      asking = new Model(key, models++, now);
      slots.put(key, asking);
    }
    asking.asks = true;
    scheduler.asks(asking.key, now);
  }

  private void took() {
    Model model = anyOf(models().stream().filter(each -> !each.held.isEmpty()).toList());
    if (model != null) {
      List<SlotItem<Integer>> taken = new ArrayList<>();
      take(model, 1, taken);
      Model other = anyOf(models().stream().filter(each -> !each.held.isEmpty()).toList());
      if (other != null && random.nextInt(3) == 0) {
        take(other, random.nextInt(other.held.size()) + 1, taken);
      }
      scheduler.took(taken, now);
    }
  }

  private void take(Model model, int count, List<SlotItem<Integer>> taken) {
    for (int i = 0; i < count; i++) {
      SlotItem<Integer> item = model.held.remove(0);
      if (random.nextInt(5) == 0) {
        delayed.add(item);
      } else {
        ended++;
      }
      item.call().measured(random.nextLong(30 * MILLI), 100);
      taken.add(item);
    }
  }

  private void handBack() {
    Model model = anyOf(models().stream().filter(each -> each.held.size() > 1).toList());
    if (model != null) {
      SlotItem<Integer> item = model.held.remove(model.held.size() - 1);
      Call call = (Call) item.call();
      waiting.get(call).add(item);
      if (!item.wasStarted() && call.room != Integer.MAX_VALUE) {
        call.room++;
      }
      scheduler.handedBack(item, now);
    }
  }

  private void tick() {
    now += 100 * MILLI;
    scheduler.tick(now);
  }

  private void retry() {
    if (!delayed.isEmpty()) {
      SlotItem<Integer> item = delayed.remove(random.nextInt(delayed.size()));
      waiting.get((Call) item.call()).add(item);
      scheduler.add(item, now);
    }
  }

  private void loseSlot() {
    Model model = anyOf(models());
    if (model != null) {
      slots.remove(model.key);
      boolean wasBusy = !model.held.isEmpty();
      lost(model.held, scheduler.lostSlot(model.key, now));
      if (wasBusy) { // its worker is ended by whoever has lost the slot
        workers.remove(model.worker);
        scheduler.ended(model.worker, now);
      }
    }
  }

  private void loseExecutor() {
    String executor = "e" + random.nextInt(EXECUTORS);
    List<SlotItem<Integer>> held = new ArrayList<>();
    for (Model model : models()) {
      if (model.key.executor().equals(executor)) {
        held.addAll(model.held);
        slots.remove(model.key);
      }
    }
    workers.values().removeIf(executor::equals);
    lost(held, scheduler.lostExecutor(executor, now));
  }

  private void lost(List<SlotItem<Integer>> held, List<SlotItem<Integer>> left) {
    assertThat(left).containsExactlyInAnyOrderElementsOf(held);
    delayed.addAll(left);
  }

  private void resize() {
    target = random.nextInt(1, 8);
    scheduler.resize(target, now);
  }

  private void changeRoom() {
    Call call = any(calls);
    call.room = random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(4);
    scheduler.roomFor(call, now);
  }

  private void takeOut() {
    Call call = any(calls);
    Collection<SlotItem<Integer>> left = scheduler.takeOut(call);
    assertThat(left).containsExactlyInAnyOrderElementsOf(waiting.get(call));
    waiting.get(call).clear();
    ended += left.size();
    scheduler.tick(now);
  }

  // ---------------------------------------------------------------- what always holds

  private void verify() {
    int held = 0;
    int busy = 0;
    assertThat(scheduler.keys(key -> true)).containsExactlyElementsOf(slots.keySet());
    for (Model model : slots.values()) {
      Slot<Integer> slot = scheduler.slot(model.key);
      assertThat(slot).isNotNull();
      assertThat(slot.held()).containsExactlyElementsOf(model.held);
      assertThat(model.held).allMatch(item -> item.slot() == slot);
      held += model.held.size();
      busy += model.held.isEmpty() ? 0 : 1;
    }
    int waits = 0;
    int ready = 0;
    for (Call call : calls) {
      Set<SlotItem<Integer>> all = waiting.get(call);
      assertThat(call.waiting()).isEqualTo(all.size());
      assertThat(call.waitingBytes()).isEqualTo(100L * all.size());
      assertThat(all).allMatch(item -> item.slot() == null);
      waits += all.size();
      ready += call.takesTurns() ? all.size() : 0;
    }
    assertThat(held + waits + delayed.size() + ended).as("items").isEqualTo(items);
    assertThat(wanted).as("slots wanted").isGreaterThanOrEqualTo(Math.min(target, busy + ready));
    verifyNobodyIsForgotten();
  }

  /** While a call has something to give, no slot waits that may have it. */
  private void verifyNobodyIsForgotten() {
    boolean hasMore =
        calls.stream().anyMatch(call -> !waiting.get(call).isEmpty() && call.takesTurns());
    if (hasMore) {
      assertThat(slots.values())
          .noneMatch(each -> each.asks && each.held.isEmpty() && !isCopy(each));
    }
    for (Call call : calls) {
      if (!waiting.get(call).isEmpty() && call.room > 0) {
        assertThat(call.takesTurns()).as("a call with items and room takes turns").isTrue();
      }
    }
  }

  /** With slots that go on asking all items end, and all slots leave. */
  private void finish() {
    for (Call call : calls) {
      call.room = Integer.MAX_VALUE;
      scheduler.roomFor(call, now);
      call.pulled();
    }
    for (int i = 0; ended < items; i++) {
      assertThat(i).isLessThan(100_000);
      retry();
      tick();
      ask();
      took();
      verify();
    }
    isEnding = true;
    scheduler.end(now);
    for (Model model : models()) {
      if (slots.containsKey(model.key) && !model.asks) {
        model.asks = true;
        scheduler.asks(model.key, now);
      }
    }
    assertThat(slots).isEmpty();
    assertThat(scheduler.isEmpty()).isTrue();
    assertThat(workers.keySet()).allMatch(number -> number < target);
  }
}
