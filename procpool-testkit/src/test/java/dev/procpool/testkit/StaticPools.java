package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;

/**
 * Programs with a pool in a static field, for {@link StaticPoolTest}: each worker makes the field
 * anew. Each JVM of their pools leaves a file where the test counts them.
 */
final class StaticPools {

  /** Where JVMs leave their files; an environment variable, since workers have those. */
  static final String JVMS = "PROCPOOL_TEST_JVMS";

  private StaticPools() {}

  /** A builder of a pool whose workers are counted, however deep they are nested. */
  static ProcessPool.Builder builder() {
    return ProcessPool.builder()
        .workers(2)
        .jvmOptions(List.of("-Xlog:gc+init:file=" + System.getenv(JVMS) + "/%p"));
  }

  static Pool made() {
    return builder().build();
  }

  /** The pools' threads in this process, without those of a worker. */
  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("procpool-(pool|inline)-.*"))
        .toList();
  }

  /** The messages of an exception and all its causes. */
  static String words(Throwable error) {
    StringBuilder words = new StringBuilder();
    for (Throwable e = error; e != null; e = e.getCause()) {
      words.append(e).append("; ");
    }
    return words.toString().replace('\n', ' ');
  }

  /** In the class of the task, with an initializer of the class as well. */
  static final class Initialized {
    static final Pool POOL = builder().initializer(() -> ready(1)).build();

    private static void ready(int ignored) {}

    static int square(int x) {
      return x * x;
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(POOL.map(Initialized::square, List.of(1, 2, 3)));
      System.out.println(POOL.apply(StaticPools::threads));
      POOL.close();
    }
  }

  /** With everything that can be done to a pool but call it. */
  static final class Used {
    static final Pool POOL = made();
    static final Pool VIEW = POOL.with(POOL.options().label("view"));
    static final Shared<int[]> TABLE = POOL.share(new int[] {10, 20, 30});
    static final ExecutorService EXECUTOR = POOL.asExecutorService();
    static final int KNOWN;

    static {
      POOL.prestart();
      POOL.resize(3);
      POOL.resize(2);
      KNOWN = POOL.workers().size();
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(VIEW.map(i -> TABLE.get()[i], List.of(0, 1, 2)));
      System.out.println(POOL.starmap((a, b) -> a + b, List.of(Args.of(1, 2), Args.of(3, 4))));
      POOL.imap(x -> x + 1, List.of(1, 2)).forEachRemaining(System.out::println);
      System.out.println(
          EXECUTOR
              .submit((java.util.concurrent.Callable<Integer> & Serializable) () -> KNOWN)
              .get());
      System.out.println(POOL.apply(StaticPools::threads));
      POOL.close();
    }
  }

  /** Closed in a static initializer, too. */
  static final class Closed {
    static final Pool POOL = made();

    static {
      Pool other = made();
      other.prestart();
      other.close();
      Pool third = made();
      third.terminate();
      third.close();
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(POOL.map(x -> x + 1, List.of(1, 2)));
      POOL.close();
    }
  }

  /** In an enum's constant and an interface's field, of which a task needs both. */
  enum Constant {
    ONE(made());

    private final Pool pool;

    Constant(Pool pool) {
      this.pool = pool;
    }

    interface Field {
      Pool POOL = made();

      static int more(Constant constant) {
        return POOL == null || constant.pool == null ? 0 : constant.name().length();
      }
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(ONE.pool.map(Field::more, List.of(ONE, ONE)));
      ONE.pool.close();
      Field.POOL.close();
    }
  }

  /** A pool of threads. */
  static final class Threads {
    static final Pool INLINE = InlinePool.create(3);

    static int double3(int x) throws ExecutionException, InterruptedException {
      return INLINE.apply(y -> 2 * y, x);
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = builder().workers(1).build()) {
        System.out.println(pool.apply(() -> INLINE.isShutdown() + " " + threads()));
        System.out.println(pool.map(Threads::double3, List.of(1, 2)));
      }
      INLINE.close();
    }
  }

  /** Made by the first task that uses it, and used there. */
  static final class Lazy {
    static final class Holder {
      static final Pool POOL = builder().workers(1).build();
      static final Shared<int[]> TABLE = POOL.share(new int[] {7, 8});
    }

    static int nested(int i) throws ExecutionException, InterruptedException {
      Shared<int[]> table = Holder.TABLE;
      return Holder.POOL.apply(j -> table.get()[j], i);
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = builder().workers(1).build()) {
        System.out.println(pool.map(Lazy::nested, List.of(0, 1)));
      }
    }
  }

  /** The initializer uses a pool of its own. */
  static final class Nested {
    static int sum;

    public static void main(String[] arguments) throws Exception {
      try (Pool pool =
          builder()
              .workers(1)
              .initializer(
                  () -> {
                    try (Pool inner = builder().workers(1).build()) {
                      sum = inner.apply(() -> 40) + 2;
                    }
                  })
              .build()) {
        System.out.println(pool.apply(() -> sum));
      }
    }
  }

  /** A call in the static initializer of the task's class. */
  static final class Calls {
    static final Pool POOL = made();
    static final String RESULT = result();

    private static String result() {
      try {
        return POOL.map(x -> x + 1, List.of(1, 2, 3)).toString();
      } catch (ExecutionException | InterruptedException e) {
        return words(e);
      }
    }

    public static void main(String[] arguments) {
      System.out.println(RESULT);
      POOL.close();
    }
  }

  /** A task whose class has no static initializer. */
  record Absolute() implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return Math.abs(x);
    }
  }

  /** A call in the static initializer of a class that a task uses while it runs. */
  static final class CallsLater {
    static final class Table {
      static final List<Integer> ROWS = rows();

      private static List<Integer> rows() {
        try (Pool pool = made()) {
          return pool.map(new Absolute(), List.of(-1, -2));
        } catch (ExecutionException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = made()) {
        pool.map(i -> Table.ROWS.get(i), List.of(0, 1));
      } catch (ExecutionException e) {
        System.out.println(words(e));
      }
      System.out.println(Table.ROWS); // here it may
    }
  }

  /** A call in the static initializer of an argument's class. */
  static final class CallsInArgument {
    record Argument(int number) implements Serializable {
      static final List<Integer> ROWS = CallsLater.Table.ROWS;
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = made()) {
        pool.map(Argument::number, List.of(new Argument(1), new Argument(2)));
      } catch (ExecutionException e) {
        System.out.println(words(e));
      }
    }
  }

  /** A call made while an argument is deserialized. */
  static final class CallsInReadObject {
    static final class Argument implements Serializable {
      @Serial private static final long serialVersionUID = 1L;

      @Serial
      private void readObject(ObjectInputStream in) throws IOException {
        try (Pool pool = made()) {
          pool.apply(Argument::new);
        } catch (ExecutionException | InterruptedException e) {
          throw new IOException(e);
        }
      }
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = made()) {
        pool.apply(argument -> 1, new Argument());
      } catch (ExecutionException e) {
        System.out.println(words(e));
      }
    }
  }

  /** The static initializer waits for a thread that makes the call. */
  static final class CallsByThread {
    static final Pool POOL = made();
    static final String RESULT = result();

    private record Call(Pool pool) implements java.util.concurrent.Callable<Object> {
      @Override
      public Object call() throws Exception {
        return pool.map(new Absolute(), List.of(-1, -2));
      }
    }

    private static String result() {
      FutureTask<Object> call = new FutureTask<>(new Call(POOL));
      new Thread(call).start();
      try {
        return call.get().toString();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(RESULT); // of JDK classes alone: that works
      try {
        POOL.map(x -> x + 1, List.of(1, 2, 3));
      } catch (ExecutionException e) {
        System.out.println(words(e));
      }
      POOL.close();
    }
  }

  /** The static initializer starts a thread that makes the call, and goes on. */
  static final class CallsInBackground {
    static final Pool POOL = builder().workers(1).initializer(() -> ready(1)).build();
    static final CompletableFuture<String> RESULT =
        CompletableFuture.supplyAsync(CallsInBackground::result);

    private static void ready(int ignored) {}

    private static String result() {
      try {
        return POOL.map(x -> x + 1, List.of(1, 2, 3)).toString();
      } catch (ExecutionException | InterruptedException | RuntimeException e) {
        return words(e);
      }
    }

    static String inWorker() {
      return RESULT.join();
    }

    public static void main(String[] arguments) throws Exception {
      System.out.println(RESULT.join());
      System.out.println(POOL.apply(CallsInBackground::inWorker));
      POOL.close();
    }
  }

  /** In what the test makes a worker of: a call by a thread that runs no task. */
  static final class CallsAgain {
    public static void main(String[] arguments) {
      try (Pool pool = made()) {
        System.out.println(pool.map(new Absolute(), List.of(-1)));
      } catch (ExecutionException | InterruptedException | RuntimeException e) {
        System.out.println(words(e));
      }
    }
  }

  /** As deep as pools may be, with a pool in a static field that nobody calls. */
  static final class Deepest {
    static final class Holder {
      static final Pool POOL = made();

      static String call() throws InterruptedException {
        try {
          return POOL.apply(() -> "not refused");
        } catch (ExecutionException | RuntimeException e) {
          return words(e);
        }
      }
    }

    public static void main(String[] arguments) throws Exception {
      try (Pool tenth = builder().jvmOptions(List.of("-Dprocpool.depth=10")).build()) {
        System.out.println(tenth.apply(Holder::call));
      }
    }
  }
}
