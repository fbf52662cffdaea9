package dev.procpool.testkit.hostile;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * One pool's life with hostile workers among its own: calls, several at a time, whose outcomes are
 * then judged. Used once.
 *
 * <p>The tasks give back their argument, so the right result is known. A hostile worker may spoil
 * the items that it was given, and no others; and it may not have the pool believe what the pool
 * knows to be wrong.
 */
final class HostileRound {

  private static final int CALLERS = 2;
  private static final int MAX_ITEMS = 300;
  private static final Duration CALL_BOUND = Duration.ofSeconds(60);

  private final long seed;
  private final Duration time;
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> counts = new TreeMap<>();
  private int hostileStarts;

  private record Call(List<Integer> items, List<Outcome<Integer>> outcomes) {}

  HostileRound(long seed, Duration time) {
    this.seed = seed;
    this.time = time;
  }

  /** How many outcomes there were of each kind, and from whom. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** How many hostile workers were started. */
  int hostileStarts() {
    return hostileStarts;
  }

  /** Runs the round and gives the faults. */
  List<String> run() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("hostile-");
    try {
      HostileJava java = HostileJava.create(directory, "[ $k -ne 1 ]", seed, 20, "");
      SplittableRandom random = new SplittableRandom(seed);
      Pool pool = pool(java, random);
      List<Call> calls = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
      try {
        List<Future<List<Call>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          SplittableRandom own = random.split();
          callers.add(threads.submit(() -> call(pool, own)));
        }
        for (Future<List<Call>> caller : callers) {
          calls.addAll(caller.get());
        }
      } catch (ExecutionException e) {
        faults.add("a caller failed: " + e.getCause());
      } finally {
        threads.shutdownNow();
        pool.shutdown();
        if (!pool.join(CALL_BOUND)) {
          faults.add("the pool has not ended " + CALL_BOUND + " after shutdown");
          pool.terminate();
        }
      }
      Set<Long> hostile = java.hostilePids();
      hostileStarts = hostile.size();
      calls.forEach(call -> judge(call, hostile));
      return List.copyOf(faults);
    } finally {
      Folders.remove(directory);
    }
  }

  private static Pool pool(HostileJava java, SplittableRandom random) {
    ProcessPool.Builder builder =
        ProcessPool.builder()
            .workers(random.nextInt(2, 5))
            .javaHome(java.home())
            .jvmOptions(List.of("-Xmx64m"))
            .maxPayload(1024 * 1024)
            .freezeLimit(Duration.ofSeconds(5)) // who holds items and runs none is found by this
            .restartIntensity(1_000_000, Duration.ofMinutes(1))
            .output(WorkerOutput.discard());
    if (random.nextBoolean()) {
      builder.spinWait(Duration.ofMillis(1)); // callers take turns of the engine
    }
    if (random.nextInt(3) == 0) {
      builder.forwardLogs(record -> {});
    }
    return builder.build();
  }

  private List<Call> call(Pool pool, SplittableRandom random) throws InterruptedException {
    List<Call> calls = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      if (random.nextInt(3) == 0) {
        applyOnce(pool, random.nextInt());
        continue;
      }
      List<Integer> items = IntStream.range(0, random.nextInt(1, MAX_ITEMS)).boxed().toList();
      TaskOptions options = TaskOptions.defaults();
      if (random.nextBoolean()) {
        options = options.chunkSize(random.nextInt(1, 20));
      }
      MapResult<Integer> result = pool.with(options).mapAsync(x -> x, items);
      if (!result.await(CALL_BOUND)) {
        faults.add("a call of " + items.size() + " items hangs: " + pool.workers());
        pool.terminate();
        return calls;
      }
      calls.add(new Call(items, result.outcomes()));
    }
    return calls;
  }

  /** The caller's own thread does the pool's work where the pool spins. */
  private void applyOnce(Pool pool, int value) throws InterruptedException {
    try {
      pool.apply(x -> x, value); // the value may be a hostile worker's
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PoolBrokenException) {
        faults.add("the pool is broken: " + e.getCause());
      }
    } catch (ClassCastException e) {
      // a hostile worker's value
    }
  }

  private void judge(Call call, Set<Long> hostile) {
    if (call.outcomes().size() != call.items().size()) {
      faults.add(call.items().size() + " items have " + call.outcomes().size() + " outcomes");
      return;
    }
    for (int i = 0; i < call.items().size(); i++) {
      judge(i, call.items().get(i), call.outcomes().get(i), hostile);
    }
  }

  private void judge(int index, Integer item, Outcome<?> outcome, Set<Long> hostile) {
    boolean isHostile = hostile.contains(outcome.workerPid());
    counts.merge(
        outcome.getClass().getSimpleName() + (isHostile ? " of hostile workers" : ""),
        1,
        Integer::sum);
    boolean isRight =
        outcome instanceof Outcome.Success<?> success && item.equals((Object) success.value());
    boolean isBearable =
        outcome instanceof Outcome.Success<?>
            || outcome instanceof Outcome.Failure<?>
            || outcome instanceof Outcome.WorkerLost<?>;
    boolean isSane =
        outcome.index() == index
            && outcome.attempts() == 1
            && !outcome.duration().isNegative()
            && outcome.duration().compareTo(CALL_BOUND.plus(time)) < 0;
    if (!(isHostile ? isBearable : isRight) || !isSane) {
      faults.add(
          "item " + index + (isHostile ? " of a hostile worker" : "") + " became " + outcome);
    }
  }
}
