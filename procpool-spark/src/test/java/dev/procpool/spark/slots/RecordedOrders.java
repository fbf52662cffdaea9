package dev.procpool.spark.slots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a scheduler has done with slots, as lines to compare. Used by one thread. */
final class RecordedOrders implements SlotOrders<String> {

  private final List<String> lines = new ArrayList<>();
  private final Set<SlotKey> asking = new HashSet<>();
  private final Map<String, SlotItem<String>> given = new HashMap<>();
  private int wanted;
  private int askAt = -1;

  /** Notes that a slot asks. */
  void asks(SlotKey key) {
    asking.add(key);
  }

  /** The lines since this was called last. */
  List<String> take() {
    List<String> all = List.copyOf(lines);
    lines.clear();
    return all;
  }

  int wanted() {
    return wanted;
  }

  /** What was said last. */
  int askAt() {
    return askAt;
  }

  @Nullable SlotItem<String> given(String payload) {
    return given.get(payload);
  }

  static String name(SlotKey key) {
    return key.executor() + "/" + key.partition();
  }

  private void answered(Slot<String> slot) {
    assertThat(asking.remove(slot.key())).as("%s has asked", slot).isTrue();
  }

  @Override
  public void give(Slot<String> slot, List<SlotItem<String>> items, int at) {
    answered(slot);
    assertThat(items).isNotEmpty();
    items.forEach(item -> given.put(item.payload(), item));
    askAt = at;
    List<String> names = items.stream().map(SlotItem::payload).toList();
    lines.add(name(slot.key()) + " #" + slot.worker() + " " + String.join(" ", names));
  }

  @Override
  public void start(Slot<String> slot) {
    answered(slot);
    lines.add(name(slot.key()) + " #" + slot.worker() + " starts");
  }

  @Override
  public void leave(Slot<String> slot) {
    answered(slot);
    lines.add(name(slot.key()) + " leaves");
  }

  @Override
  public void askBack(Slot<String> slot, int most) {
    lines.add(name(slot.key()) + " back " + most);
  }

  @Override
  public void release(String executor, int worker) {
    lines.add(executor + " releases #" + worker);
  }

  @Override
  public void want(int slots) {
    wanted = slots;
  }
}
