package dev.procpool.testkit.soak;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The kinds of work that a soak does, each with a check of what comes of it. */
enum Work {
  MAP {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      int size = random.nextInt(1, 500);
      List<Integer> values = pool.map(x -> 2 * x, IntStream.range(0, size).boxed().toList());
      check(values.equals(IntStream.range(0, size).map(x -> 2 * x).boxed().toList()));
    }
  },
  STARMAP_OF_ARRAYS {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      List<Args2<byte[], Integer>> pairs =
          IntStream.range(0, 20).mapToObj(i -> Args.of(new byte[i * 5_000], i)).toList();
      List<byte[]> arrays = pool.starmap((byte[] bytes, Integer i) -> bytes, pairs);
      for (int i = 0; i < arrays.size(); i++) {
        check(arrays.get(i).length == i * 5_000);
      }
    }
  },
  ENDLESS_STREAM {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      Iterable<Integer> endless = () -> Stream.iterate(0, x -> x + 1).iterator();
      try (ResultIterator<Integer> results = pool.imap(x -> x, endless)) {
        int taken = random.nextInt(1, 500);
        for (int i = 0; i < taken; i++) {
          check(results.next() == i);
        }
      }
    }
  },
  SHARED_VALUE {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      int[] numbers = random.ints(100_000).toArray();
      try (Shared<int[]> shared = pool.share(numbers)) {
        List<Integer> places = List.of(0, 1, 99_999);
        List<Integer> values = pool.map(place -> shared.get()[place], places);
        check(values.equals(places.stream().map(place -> numbers[place]).toList()));
      }
    }
  },
  SHARED_VALUE_LEFT_TO_THE_COLLECTOR {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      Shared<int[]> shared = pool.share(new int[50_000]);
      check(pool.apply(() -> shared.get().length) == 50_000);
    }
  },
  CALLBACKS {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      CountDownLatch called = new CountDownLatch(101);
      MapResult<Integer> result = pool.mapAsync(x -> x, Collections.nCopies(100, 1));
      result.onOutcome(outcome -> called.countDown());
      result.onSuccess(values -> called.countDown());
      check(called.await(1, TimeUnit.MINUTES));
    }
  },
  TIME_LIMITS {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      List<Outcome<Integer>> outcomes =
          pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(50)).chunkSize(1))
              .mapAsync(
                  x -> {
                    if (x == 1) {
                      TimeUnit.MINUTES.sleep(5);
                    }
                    return x;
                  },
                  List.of(0, 1))
              .outcomes();
      check(outcomes.get(1) instanceof Outcome.TimedOut);
    }
  },
  CANCELS {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      AsyncResult<Integer> result =
          pool.applyAsync(
              () -> {
                TimeUnit.MINUTES.sleep(5);
                return 1;
              });
      result.await(Duration.ofMillis(random.nextInt(30)));
      check(result.cancel(true));
    }
  },
  RESIZES {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      pool.resize(random.nextInt(1, 4));
      check(pool.apply(() -> 1) == 1);
    }
  },
  FAILURES {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      List<Outcome<Integer>> outcomes =
          pool.mapAsync(
                  x -> {
                    if (x >= 0) {
                      throw new IllegalStateException("meant " + x);
                    }
                    return x;
                  },
                  IntStream.range(0, 30).boxed().toList())
              .outcomes();
      check(outcomes.stream().allMatch(Outcome.Failure.class::isInstance));
    }
  },
  LOGS_AND_OUTPUT {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      pool.map(
          x -> {
            System.out.println("item " + x);
            System.Logger log = System.getLogger("soak");
            log.log(System.Logger.Level.INFO, "item {0}", x);
            return x;
          },
          IntStream.range(0, 100).boxed().toList());
    }
  },
  LOST_WORKERS {
    @Override
    void run(Pool pool, SplittableRandom random) throws Exception {
      List<Integer> values =
          pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2).onWorkerLost()))
              .map(
                  x -> {
                    if (WorkerContext.current().attempt() == 1) {
                      Runtime.getRuntime().halt(1);
                    }
                    return x;
                  },
                  List.of(1));
      check(values.equals(List.of(1)));
    }
  };

  abstract void run(Pool pool, SplittableRandom random) throws Exception;

  /** Does it. */
  final void perform(Pool pool, SplittableRandom random) throws InterruptedException {
    try {
      run(pool, random);
    } catch (InterruptedException e) {
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(this + " failed", e.getCause());
    } catch (Exception e) {
      throw new IllegalStateException(this + " failed", e);
    }
  }

  void check(boolean isRight) {
    if (!isRight) {
      throw new IllegalStateException(this + " came to something else");
    }
  }
}
