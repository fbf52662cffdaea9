package dev.procpool.testkit;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.function.Task0;
import dev.procpool.function.Task1;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * A program whose static initializer waits for a pool that needs its class, in the way that the
 * property {@code way} tells; for {@link StaticCallTest}.
 */
final class StaticCalls implements Serializable {

  @Serial private static final long serialVersionUID = 1L;

  /** Null in workers, which may have the class. */
  private static final String WAY = System.getProperty("way");

  private static final Pool POOL = WAY == null ? null : ProcessPool.create(1);
  private static final String SAID = WAY == null ? null : said();

  /** A task that needs no class of this program. */
  record Absolute() implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return Math.abs(x);
    }
  }

  /** The same, in a while. */
  record Slow() implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) throws InterruptedException {
      Thread.sleep(2500); // more than one look
      return Math.abs(x);
    }
  }

  /** Makes an object of the class that is being initialized. */
  record Make() implements Task0<StaticCalls> {
    @Override
    public StaticCalls call() {
      return new StaticCalls();
    }
  }

  private StaticCalls() {}

  private static Iterable<Integer> lambdaOfThisClass() {
    return () -> List.of(-1, -2).iterator();
  }

  private static String said() {
    try {
      return String.valueOf(wait(WAY));
    } catch (Exception e) {
      return StaticPools.words(e);
    }
  }

  private static Object wait(String way) throws Exception {
    return switch (way) {
      case "map" -> POOL.map(new Absolute(), lambdaOfThisClass());
      case "get" -> sent().get();
      case "get in time" -> sent().get(Duration.ofMinutes(2));
      case "outcomes" -> sent().outcomes();
      case "outcomes in time" -> sent().outcomes(Duration.ofMinutes(2));
      case "imap" -> {
        try (ResultIterator<Integer> results = POOL.imap(new Absolute(), lambdaOfThisClass())) {
          yield results.next();
        }
      }
      case "result" -> POOL.apply(new Make());
      case "join" -> {
        sent();
        POOL.shutdown();
        POOL.join();
        yield "joined";
      }
      case "close" -> {
        sent();
        POOL.close();
        yield "closed";
      }
      case "callback" -> {
        POOL.mapAsync(new Absolute(), List.of(-1)).onSuccess(values -> {}).get();
        POOL.close();
        yield "closed";
      }
      case "threads" -> {
        try (Pool threads = InlinePool.create()) {
          yield threads.map(x -> x + 1, List.of(1, 2));
        }
      }
      case "no such wait" -> POOL.map(new Slow(), List.of(-1, -2));
      default -> throw new AssertionError(way);
    };
  }

  private static MapResult<Integer> sent() {
    return POOL.mapAsync(new Absolute(), lambdaOfThisClass());
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(SAID);
    if (!POOL.isShutdown()) {
      System.out.println(POOL.map(new Absolute(), lambdaOfThisClass()));
    }
    POOL.close();
  }
}
