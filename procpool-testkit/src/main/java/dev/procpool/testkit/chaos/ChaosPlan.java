package dev.procpool.testkit.chaos;

import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.local.LifeOptions;
import dev.procpool.testkit.chaos.ChaosCall.Form;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What one round does, all of it decided by the seed. Immutable.
 *
 * @param seed what everything follows from
 * @param workers how many workers the pool has first
 * @param maxTasksPerWorker when workers are replaced; 0 for never
 * @param idleTimeout when idle workers end; zero for never
 * @param calls the calls; the first has an item of each quick kind, the last is a swarm
 */
public record ChaosPlan(
    long seed, int workers, int maxTasksPerWorker, Duration idleTimeout, List<ChaosCall> calls) {

  private static final int WEIGHTS = total();

  /** The part of a round's items that are in its swarm. */
  private static final int SWARM_PART = 2;

  private static final int MOST_BALLAST_BYTES = 400_000;
  private static final List<Form> FORMS = List.of(Form.values());
  private static final List<Form> SWARM_FORMS =
      List.of(Form.MAP, Form.STARMAP, Form.IMAP, Form.IMAP_UNORDERED);

  static ChaosPlan of(long seed, int items) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ChaosCall> calls = new ArrayList<>();
    int left = items - items / SWARM_PART;
    while (left > 0) {
      boolean first = calls.isEmpty();
      int least = first ? ItemKind.values().length : 1;
      int size = Math.max(least, Math.min(left, random.nextInt(1, 60)));
      calls.add(call(calls.size(), size, first, random));
      left -= size;
    }
    if (left + items / SWARM_PART > 0) {
      calls.add(swarm(calls.size(), left + items / SWARM_PART, random));
    }
    return new ChaosPlan(
        seed,
        random.nextInt(2, 5),
        random.nextInt(4) == 0 ? 0 : random.nextInt(3, 150),
        random.nextInt(3) > 0 ? Duration.ZERO : Duration.ofMillis(random.nextInt(1, 300)),
        Collections.unmodifiableList(calls));
  }

  /**
   * Gives a pool the options that the plan has for its workers, and those that every round has.
   *
   * @param builder the builder of the pool
   * @param <B> its type
   * @return the builder
   */
  public <B extends LifeOptions<B>> B configure(B builder) {
    builder
        .gracePeriod(Duration.ofMillis(200))
        .freezeLimit(Duration.ofSeconds(5)) // a busy machine may keep a process waiting for two
        .restartIntensity(100_000, Duration.ofMinutes(1)); // idle workers are hit too
    if (maxTasksPerWorker > 0) {
      builder.maxTasksPerWorker(maxTasksPerWorker);
    }
    return builder;
  }

  /**
   * The options of the workers' JVMs, without which some items don't do what they should.
   *
   * @param heap the option that bounds it
   * @param deepClasses where to write the jar that they name
   * @return the options
   * @throws IOException if it can't be written
   */
  public static List<String> jvmOptions(String heap, Path deepClasses) throws IOException {
    DeepClasses.write(deepClasses);
    return List.of(heap, "--add-modules=jdk.unsupported", "-Xbootclasspath/a:" + deepClasses);
  }

  private static ChaosCall call(int number, int size, boolean first, SplittableRandom random) {
    boolean limited = first || random.nextInt(3) > 0;
    List<ItemKind> kinds = new ArrayList<>(first ? List.of(ItemKind.values()) : List.of());
    kinds.removeIf(ItemKind::isSlow); // those are in the swarm, which has no time limit
    while (kinds.size() < size) {
      ItemKind kind = kind(random);
      if (limited ? !kind.isSlow() || random.nextInt(4) == 0 : !kind.hangs()) {
        kinds.add(kind);
      }
    }
    Collections.shuffle(kinds, new Random(random.nextLong()));
    boolean heavy = random.nextInt(4) == 0;
    List<ChaosItem> items = new ArrayList<>();
    for (ItemKind kind : kinds) {
      int ballast = heavy && random.nextBoolean() ? random.nextInt(MOST_BALLAST_BYTES) : 0;
      items.add(ChaosItem.of(items.size(), kind, random.nextInt(), ballast));
    }
    Form form = first ? Form.MAP : FORMS.get(random.nextInt(FORMS.size()));
    ChaosCall.Cancel cancel =
        first || random.nextInt(5) > 0
            ? ChaosCall.Cancel.NEVER
            : random.nextBoolean() ? ChaosCall.Cancel.RUNNING : ChaosCall.Cancel.NOT_STARTED;
    return new ChaosCall(
        number,
        form,
        Collections.unmodifiableList(items),
        options(
            limited ? Duration.ofMillis(random.nextInt(500, 1000)) : Duration.ZERO,
            form != Form.APPLY, // does not tell the attempts
            random),
        cancel,
        Duration.ofMillis(random.nextInt(1500)));
  }

  /** Many quick items and some that crash, so that workers die in the midst of full rings. */
  private static ChaosCall swarm(int number, int size, SplittableRandom random) {
    ItemKind[] crashes = {ItemKind.HALT, ItemKind.KILL, ItemKind.RECOVERS, ItemKind.EXIT};
    List<ItemKind> kinds = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ItemKind kind =
          switch (i < 2 ? i : random.nextInt(2, 60)) {
            case 0 -> ItemKind.BIG_RESULT;
            case 1 -> ItemKind.HEAP;
            case 2 -> crashes[random.nextInt(crashes.length)];
            case 3, 4 -> ItemKind.UNCHECKED_EXCEPTION;
            case 5, 6 -> ItemKind.MEDIUM_RESULT;
            default -> ItemKind.VALUE;
          };
      kinds.add(kind);
    }
    Collections.shuffle(kinds, new Random(random.nextLong()));
    List<ChaosItem> items = new ArrayList<>();
    for (ItemKind kind : kinds) {
      items.add(ChaosItem.of(items.size(), kind, random.nextInt(), random.nextInt(40)));
    }
    return new ChaosCall(
        number,
        SWARM_FORMS.get(random.nextInt(SWARM_FORMS.size())),
        Collections.unmodifiableList(items),
        options(Duration.ZERO, true, random),
        ChaosCall.Cancel.NEVER,
        Duration.ZERO);
  }

  private static TaskOptions options(Duration limit, boolean mayRetry, SplittableRandom random) {
    TaskOptions options = TaskOptions.defaults();
    if (random.nextInt(3) > 0) {
      options = options.chunkSize(random.nextInt(1, 25));
    }
    if (random.nextBoolean()) {
      options = options.lookAhead(random.nextInt(1, 40));
    }
    if (!limit.isZero()) {
      options = options.timeout(limit);
    }
    RetryPolicy policy = RetryPolicy.attempts(random.nextInt(2, 4));
    if (random.nextBoolean()) {
      policy = policy.backoff(Duration.ofMillis(20), Duration.ofMillis(100));
    }
    return switch (mayRetry ? random.nextInt(8) : 7) {
      case 0 -> options.retry(policy.onWorkerLost());
      case 1 -> options.retry(policy.onWorkerLost().on(ChaosTask.CheckedException.class));
      case 2 -> options.retry(policy.onTimeout());
      case 3 -> options.retry(policy);
      default -> options;
    };
  }

  private static ItemKind kind(SplittableRandom random) {
    int at = random.nextInt(WEIGHTS);
    for (ItemKind kind : ItemKind.values()) {
      at -= kind.weight;
      if (at < 0) {
        return kind;
      }
    }
    throw new AssertionError("weights changed");
  }

  private static int total() {
    int total = 0;
    for (ItemKind kind : ItemKind.values()) {
      total += kind.weight;
    }
    return total;
  }
}
