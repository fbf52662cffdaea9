package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The oracle's view of one call: where each item is; and the queue that its items arrive in. */
final class SimulatedCall implements ItemQueue {

  enum Place {
    SOURCE,
    SCHEDULER,
    WORKER,
    OWNER,
    WAITING,
    DONE,
    LOST,
    CANCELLED
  }

  /** How long items take. */
  private enum Kind {
    TINY,
    MEDIUM,
    SLOWER_LATER,
    RARELY_LONG
  }

  private static final int BLOCK_ITEMS = 64;

  final long id;
  final int total;
  final int chunkSize;
  final int priority;
  final int[] attempts;
  final int[] starts;
  final int[] counts = new int[Place.values().length];

  /** When items may be tried again. */
  final Map<Integer, Long> waiting = new HashMap<>();

  int emitted;
  boolean closed;
  boolean cancelled;
  boolean interrupted;
  boolean ended;
  boolean hungry;
  int signals;

  private final Place[] places;
  private final Kind kind;
  private final SplittableRandom random;
  private int taken;

  SimulatedCall(long id, SplittableRandom random) {
    this.id = id;
    this.random = random;
    priority = Math.max(0, random.nextInt(-4, 3));
    total = random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(400);
    chunkSize = random.nextBoolean() ? 0 : 1 + random.nextInt(40);
    kind = Kind.values()[random.nextInt(Kind.values().length)];
    places = new Place[total];
    Arrays.fill(places, Place.SOURCE);
    counts[Place.SOURCE.ordinal()] = total;
    attempts = new int[total];
    Arrays.fill(attempts, 1);
    starts = new int[total];
  }

  long durationOf(int item) {
    long micros =
        switch (kind) {
          case TINY -> 1 + random.nextInt(20);
          case MEDIUM -> 200 + random.nextInt(700);
          case SLOWER_LATER -> item < total / 2 ? 1 : 900;
          case RARELY_LONG -> random.nextInt(50) == 0 ? random.nextInt(50_000) : 5;
        };
    return micros * 1000;
  }

  Place place(int item) {
    return places[item];
  }

  int count(Place place) {
    return counts[place.ordinal()];
  }

  void move(long item, Place to) {
    int i = (int) item;
    counts[places[i].ordinal()]--;
    places[i] = to;
    counts[to.ordinal()]++;
    if (to != Place.WAITING) {
      waiting.remove(i);
    }
  }

  /** Checks that the scheduler may decide on these items, and that they are the right ones. */
  void assertWithScheduler(Slice items, long now) {
    assertThat(items.items()).isSameAs(this);
    assertThat((long) items.from()).isEqualTo(items.firstIndex());
    for (int i = items.from(); i < items.from() + items.count(); i++) {
      assertThat(i).as("item taken").isLessThan(taken);
      assertThat(places[i])
          .as("place of item %d of call %d", i, id)
          .isIn(Place.SOURCE, Place.SCHEDULER, Place.WAITING);
      assertThat(items.attempt()).as("attempt of item %d", i).isEqualTo(attempts[i]);
      if (places[i] == Place.WAITING && !cancelled) {
        assertThat(waiting.get(i)).as("not before").isLessThanOrEqualTo(now);
      }
    }
  }

  void end(long item, Place how) {
    assertThat(places[(int) item]).as("place of item %d", item).isEqualTo(Place.OWNER);
    move(item, how);
  }

  /** Whether an idle worker could be given an item now. */
  boolean hasWork(long now) {
    return !cancelled
        && (count(Place.SCHEDULER) > 0
            || (ready() > 0 && signals == 0)
            || waiting.values().stream().anyMatch(time -> time < now));
  }

  void assertSettled() {
    assertThat(closed).as("source ended").isTrue();
    assertThat(taken).as("items taken").isEqualTo(emitted);
    assertThat(count(Place.DONE) + count(Place.LOST) + count(Place.CANCELLED))
        .as("items settled")
        .isEqualTo(emitted);
    assertThat(cancelled || count(Place.CANCELLED) == 0).as("cancelled on demand").isTrue();
  }

  @Override
  public @Nullable Slice take(int max) {
    int available = emitted - taken;
    if (available == 0) {
      hungry = true;
      return null;
    }
    int count = Math.min(Math.min(max, available), BLOCK_ITEMS - taken % BLOCK_ITEMS);
    Slice slice = new Slice(taken, count, 1, this, taken);
    taken += count;
    return slice;
  }

  @Override
  public int ready() {
    return emitted - taken;
  }

  @Override
  public boolean isEnded() {
    return closed;
  }
}
