package dev.procpool.spark.slots;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A Spark cluster in virtual time, and the driver of a pool on it: executors with cores, messages
 * that take time, tasks that Spark starts one after another, executors that are lost and others
 * that join. Used by one thread.
 */
final class SimulatedCluster implements SlotOrders<SimulatedCluster.Item> {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long TICK = 100 * MILLI;

  /** How long Spark's driver takes to start a task, and until its executor runs it. */
  private static final long LAUNCH = MILLI / 2;

  private static final long TASK_START = 20 * MILLI;

  /** An item of a call. */
  static final class Item {
    final Source source;
    final int index;
    final long nanos;
    final SlotItem<Item> place;

    Item(Source source, int index, long nanos) {
      this.source = source;
      this.index = index;
      this.nanos = nanos;
      this.place = new SlotItem<>(source.call, this, 300);
    }
  }

  /** A call, and the source of its items. */
  static final class Source {
    final SlotCall<Item> call;
    final int total;
    final DoubleUnaryOperator millis;
    final BitSet ended = new BitSet();
    int pulled;
    int over;
    int lost;
    long endedAt = -1;

    /**
     * Makes one.
     *
     * @param millis how long an item takes, by a random number from 0 to 1 exclusive
     */
    Source(int priority, int chunkSize, int total, DoubleUnaryOperator millis) {
      this.call = new SlotCall<>(priority, chunkSize);
      this.total = total;
      this.millis = millis;
    }

    boolean isOver() {
      return over == total;
    }
  }

  private final class Executor {
    final String id;
    final double slowness;
    int free;
    boolean isLost;
    boolean isKnownLost;
    boolean isReporting;
    List<Runnable> reports = new ArrayList<>();
    final List<Task> tasks = new ArrayList<>();

    Executor(String id, double slowness) {
      this.id = id;
      this.slowness = slowness;
      this.free = cores;
    }

    /** Tells the driver something, together with what else there is to tell. */
    void report(Runnable what) {
      reports.add(what);
      sendReports();
    }

    private void sendReports() {
      if (!isReporting && !reports.isEmpty()) {
        isReporting = true;
        List<Runnable> sent = reports;
        reports = new ArrayList<>();
        long delay = delay();
        toDriver(this, delay, () -> sent.forEach(Runnable::run));
        after(
            delay + delay(),
            () -> {
              isReporting = false;
              sendReports();
            });
      }
    }
  }

  /** A task of Spark's, in an executor. */
  private final class Task {
    final SlotKey key;
    final Executor executor;
    final Deque<Item> queue = new ArrayDeque<>();
    int left;
    int askAt;
    boolean asks;
    boolean runs;

    Task(SlotKey key, Executor executor) {
      this.key = key;
      this.executor = executor;
    }

    void ask() {
      asks = true;
      toDriver(
          executor,
          delay(),
          () -> {
            check(asking.add(key), "a slot asks once");
            scheduler.asks(key, time.now());
          });
    }

    void takes(List<Item> items, int at) {
      asks = false;
      queue.addAll(items);
      left += items.size();
      askAt = at;
      next();
      askIfDue();
    }

    private void askIfDue() {
      if (!asks && left <= askAt) {
        ask();
      }
    }

    private void next() {
      Item item = runs ? null : queue.poll();
      if (item != null) {
        runs = true;
        running(1);
        after(
            (long) (item.nanos * executor.slowness),
            () -> {
              if (!executor.isLost) {
                runs = false;
                running(-1);
                left--;
                long nanos = (long) (item.nanos * executor.slowness);
                executor.report(() -> conclude(item, key, nanos));
                next();
                askIfDue();
              }
            });
      }
    }

    void handBack(int most) {
      for (int i = 0; i < most && !queue.isEmpty(); i++) {
        Item item = queue.removeLast();
        left--;
        executor.report(() -> handedBack(item, key));
      }
      askIfDue();
    }
  }

  private record Sample(long at, double busy, double there) {}

  /** A task that Spark has still to start. */
  private record Pending(long job, int partition) {}

  final SlotScheduler<Item> scheduler;
  private final SplittableRandom random;
  private final int target;
  private final int cores;
  private final List<Source> sources;
  private final VirtualTime time = new VirtualTime();
  private final Map<String, Executor> executors = new HashMap<>();
  private final List<Executor> alive = new ArrayList<>();
  private final Map<SlotKey, Task> tasks = new HashMap<>();
  private final Set<SlotKey> asking = new HashSet<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Set<Pending> open = new HashSet<>();
  private final List<Sample> samples = new ArrayList<>();
  private boolean retries = true;
  private long jobs;
  private long attempts;
  private boolean isLaunching;
  private int running;
  private long changedAt;
  private double busy;
  private double there;
  private int inMemory;
  private int mostInMemory;
  private int chunks;
  private int asksBack;

  SimulatedCluster(long seed, int executors, int cores, List<Source> sources) {
    this.random = new SplittableRandom(seed);
    this.cores = cores;
    this.target = executors * cores;
    this.sources = sources;
    this.scheduler = new SlotScheduler<>(target, this);
    for (int i = 0; i < executors; i++) {
      join();
    }
  }

  /** Has items of lost executors not tried again. */
  void losesItems() {
    retries = false;
  }

  /** As an assertion, at less cost: there are millions of them. */
  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("not so: " + what);
    }
  }

  // ---------------------------------------------------------------- time

  private void after(long delay, Runnable what) {
    time.after(delay, what);
  }

  /** A message takes half a round trip of 2 to 20 ms. */
  private long delay() {
    return MILLI + random.nextInt((int) (9 * MILLI));
  }

  private void toDriver(Executor from, long delay, Runnable what) {
    after(
        delay,
        () -> {
          if (!from.isKnownLost) {
            what.run();
          }
        });
  }

  private void running(int more) {
    advance();
    running += more;
  }

  private void advance() {
    long past = time.now() - changedAt;
    busy += (double) running * past;
    there += (double) alive.size() * cores * past;
    changedAt += past;
  }

  /** Runs until all items have ended. */
  void run() {
    tick();
    pull();
    int left = sources.size();
    while (left > 0) {
      time.next();
      left = pull();
      check(time.now() < TimeUnit.HOURS.toNanos(10), "it ends");
    }
  }

  private void tick() {
    scheduler.tick(time.now());
    advance();
    samples.add(new Sample(time.now(), busy, there));
    after(TICK, this::tick);
  }

  /** Pulls what there is room for: tells how many calls have not ended. */
  private int pull() {
    int left = 0;
    for (Source source : sources) {
      left += source.isOver() ? 0 : 1;
      while (source.pulled < source.total && !source.call.isFull(target)) {
        double millis = source.millis.applyAsDouble(random.nextDouble());
        Item item = new Item(source, source.pulled++, (long) (millis * MILLI));
        mostInMemory = Math.max(mostInMemory, ++inMemory);
        scheduler.add(item.place, time.now());
        if (source.pulled == source.total) {
          source.call.pulled();
        }
      }
    }
    return left;
  }

  // ---------------------------------------------------------------- executors

  /** A new executor joins. */
  void join() {
    advance();
    double slowness = random.nextInt(50) == 0 ? 5 : 1;
    Executor executor = new Executor("e" + executors.size(), slowness);
    executors.put(executor.id, executor);
    alive.add(executor);
    launch();
  }

  /** Loses an executor now and then; another joins a little later. */
  void loseExecutors(int count, long every) {
    if (count > 0) {
      after(
          every / 2 + random.nextLong(every),
          () -> {
            lose();
            loseExecutors(count - 1, every);
          });
    }
  }

  private void lose() {
    advance();
    Executor executor = alive.remove(random.nextInt(alive.size()));
    executor.isLost = true;
    executor.tasks.forEach(task -> running(task.runs ? -1 : 0));
    after(
        50 * MILLI,
        () -> {
          executor.isKnownLost = true;
          for (Task task : executor.tasks) {
            tasks.remove(task.key);
            asking.remove(task.key);
            Pending partition = new Pending(task.key.job(), task.key.partition());
            if (open.remove(partition)) {
              pending.addLast(partition); // Spark tries it again
            }
          }
          for (SlotItem<Item> item : scheduler.lostExecutor(executor.id, time.now())) {
            if (retries) {
              scheduler.add(item, time.now());
            } else {
              item.payload().source.lost++;
              end(item.payload());
            }
          }
          launch();
        });
    after(SECOND + random.nextLong(2 * SECOND), this::join);
  }

  /** Has Spark start what is to be started, one task after another. */
  private void launch() {
    if (isLaunching || pending.isEmpty()) {
      return;
    }
    Executor executor = null;
    int from = random.nextInt(alive.size());
    for (int i = 0; i < alive.size() && executor == null; i++) {
      Executor each = alive.get((from + i) % alive.size());
      executor = each.free > 0 ? each : null;
    }
    if (executor != null) {
      Executor chosen = executor;
      Pending next = pending.remove();
      chosen.free--;
      SlotKey key = new SlotKey(next.job(), next.partition(), attempts++, chosen.id);
      Task task = new Task(key, chosen);
      chosen.tasks.add(task);
      tasks.put(key, task);
      isLaunching = true;
      after(
          LAUNCH,
          () -> {
            isLaunching = false;
            launch();
          });
      after(
          TASK_START,
          () -> {
            if (!chosen.isLost) {
              task.ask();
            }
          });
    }
  }

  // ---------------------------------------------------------------- what the driver does

  private void conclude(Item item, SlotKey key, long nanos) {
    check(item.place.isWith(key), "the slot has the item");
    item.source.call.measured(nanos, 100);
    scheduler.took(List.of(item.place), time.now());
    end(item);
  }

  private void end(Item item) {
    check(!item.source.ended.get(item.index), "an item ends once");
    item.source.ended.set(item.index);
    item.source.over++;
    item.source.endedAt = time.now();
    inMemory--;
  }

  private void handedBack(Item item, SlotKey key) {
    check(item.place.isWith(key), "the slot has the item");
    scheduler.handedBack(item.place, time.now());
  }

  private void toTask(SlotKey key, Consumer<Task> what) {
    Task task = tasks.get(key);
    if (task != null) {
      after(
          delay(),
          () -> {
            if (!task.executor.isLost) {
              what.accept(task);
            }
          });
    }
  }

  @Override
  public void give(Slot<Item> slot, List<SlotItem<Item>> items, int askAt) {
    check(asking.remove(slot.key()), "the slot asks");
    chunks++;
    List<Item> given = items.stream().map(SlotItem::payload).toList();
    toTask(slot.key(), task -> task.takes(given, askAt));
  }

  @Override
  public void start(Slot<Item> slot) {
    check(asking.remove(slot.key()), "the slot asks");
    toTask(slot.key(), task -> task.takes(List.of(), 0));
  }

  @Override
  public void leave(Slot<Item> slot) {
    check(asking.remove(slot.key()), "the slot asks");
    SlotKey key = slot.key();
    open.remove(new Pending(key.job(), key.partition()));
    toTask(
        key,
        task -> {
          check(task.left == 0, "who leaves has no items");
          task.executor.tasks.remove(task);
          tasks.remove(key);
          after(
              delay(),
              () -> {
                task.executor.free++;
                launch();
              });
        });
  }

  @Override
  public void askBack(Slot<Item> slot, int most) {
    asksBack++;
    toTask(slot.key(), task -> task.handBack(most));
  }

  @Override
  public void release(String executor, int worker) {}

  @Override
  public void want(int slots) {
    check(slots <= target, "as many slots as there may be");
    if (slots > open.size()) {
      long job = ++jobs;
      for (int i = 0; open.size() < slots; i++) {
        Pending next = new Pending(job, i);
        open.add(next);
        pending.add(next);
      }
      launch();
    }
  }

  // ---------------------------------------------------------------- what it came to

  int mostInMemory() {
    return mostInMemory;
  }

  /** Which part of the time cores had an item to run, without the last second. */
  double utilisation() {
    @Nullable Sample last = null;
    for (Sample sample : samples) {
      last = sample.at() <= time.now() - SECOND ? sample : last;
    }
    return last == null ? 1 : last.busy() / last.there();
  }

  @Override
  public String toString() {
    return String.format(
        "%.3f of the time busy, %d items in memory, %.2f s, %d chunks, %d questions for items, %d"
            + " jobs, %d attempts",
        utilisation(), mostInMemory, time.now() / 1e9, chunks, asksBack, jobs, attempts);
  }
}
