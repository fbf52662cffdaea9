package dev.procpool.local;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What a worker is asked to do so that its JVM loads what workers of any program need: tasks of
 * each form, arguments and results that go by serialization, output, a failure, a time limit.
 */
final class Rehearsal {

  private Rehearsal() {}

  private record Sample(String text, double number) implements Serializable {}

  static void run(Pool pool) throws ExecutionException, InterruptedException {
    int captured = 1;
    pool.apply(() -> captured);
    pool.map(x -> x + captured, List.of(1, 2, 3));
    pool.starmap((x, y) -> x * y, List.of(Args.of(1, 0.5), Args.of(2, 1.5)));
    pool.map(Rehearsal::copy, List.of(new Sample("a", 1)));
    pool.map(list -> new HashMap<>(Map.of("list", list)), List.of(new ArrayList<>(List.of("a"))));
    pool.forEach(text -> System.out.println(text), List.of("a"));
    pool.with(TaskOptions.defaults().timeout(Duration.ofMinutes(1))).map(x -> x, List.of(1L));
    MapResult<Integer> failed =
        pool.mapAsync(
            x -> {
              throw new IllegalStateException("as in a rehearsal");
            },
            List.of(1));
    failed.outcomes();
  }

  /**
   * Has the worker load classes, as far as it finds them. None is initialized: no code of theirs.
   */
  static void load(Pool pool, List<String> names) throws ExecutionException, InterruptedException {
    pool.apply(Rehearsal::load, new ArrayList<>(names));
  }

  private static int load(List<String> names) {
    int count = 0;
    for (String name : names) {
      try {
        Class.forName(name, false, ClassLoader.getSystemClassLoader());
        count++;
      } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
        // of another loader, or a directory's
      }
    }
    return count;
  }

  private static Sample copy(Sample sample) {
    return new Sample(sample.text() + sample.text(), sample.number());
  }
}
