package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.function.Action1;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The messages on the guide's page on troubleshooting are those that real pools give. */
class TroubleshootingTest {

  /** Not serializable, as an argument by mistake would be. */
  static class Connection {}

  /** Not serializable either. */
  static class Command implements Runnable {
    @Override
    public void run() {}
  }

  /** Reads what only this process has. */
  static class Settings {
    static final String HOME = System.getProperty("com.acme.home").trim();

    static Task1<Integer, String> task() {
      return number -> HOME + number;
    }
  }

  /** Can't be sent on account of its field. */
  static class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // that is the point
    final Object connection = new Connection();

    Refused() {
      super("connection refused");
    }
  }

  @Test
  void poolsThatDoNotStart() throws Exception {
    shown(
        failure(
            builder()
                .restartIntensity(0, Duration.ofMinutes(1)) // so that one start is enough
                .initializer(
                    () -> {
                      throw new IOException("no such file: model.bin");
                    })));
    shown(failure(builder().jvmOptions(List.of("-Xmx64x"))));
    shown(failure(builder().javaHome(Path.of("/opt/java"))));
    shown(failure(builder().workingDirectory(Path.of("/data"))));
  }

  @Test
  void readFiles() throws Exception {
    try (Pool pool = builder().maxPayload(10_000).build()) {
      Connection connection = new Connection();
      shown(failure(pool, x -> connection.hashCode(), 1));
      shown(failure(pool, x -> x, new ArrayList<>(List.of("a", connection))));
      shown(failure(pool, x -> new Connection(), 1));
      shown(failure(pool, x -> new byte[20_000], 1));
      shown(
          failure(
              pool,
              x -> {
                throw new Refused();
              },
              1));
      shown(standardOutputAsTask(pool));
      shown(failure(pool, x -> chain(1010), 1));
      shown(failure(pool, x -> Cyclic.make(), 1));
      Percent.most = 200;
      shown(failure(pool, x -> x, new Percent(101)));
    }
  }

  record Percent(int number) {
    static int most = 100; // in workers, too

    Percent {
      if (number > most) {
        throw new IllegalArgumentException(number + " is more than " + most);
      }
    }
  }

  record Cyclic(List<Object> parts) {
    static Cyclic make() {
      Cyclic cyclic = new Cyclic(new ArrayList<>());
      cyclic.parts.add(cyclic);
      return cyclic;
    }
  }

  /** Under Maven, System.out is of another class than in programs. */
  private static Throwable standardOutputAsTask(Pool pool) throws InterruptedException {
    PrintStream mavens = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      Action1<Integer> print = System.out::println;
      return pool.forEachAsync(print, List.of(1)).outcomes().get(0).failure().orElseThrow();
    } finally {
      System.setOut(mavens);
    }
  }

  @Test
  void staticInitializersThatFail() throws Exception {
    System.setProperty("com.acme.home", "here"); // in this process, and in no worker
    try (Pool pool = builder().build()) {
      shown(failure(pool, Settings.task(), 1));
      shown(failure(pool, Settings.task(), 1));
    }
  }

  @Test
  void itemsThatChange() throws Exception {
    Collection<Integer> changing =
        new AbstractCollection<>() {
          @Override
          public Iterator<Integer> iterator() {
            return IntStream.range(0, 17).iterator();
          }

          @Override
          public int size() {
            return 1000;
          }
        };
    try (Pool pool = builder().build()) {
      shown(catchThrowable(() -> pool.map(x -> x, changing)));
    }
  }

  private record Link(Link next) implements Serializable {}

  private static Link chain(int length) {
    Link chain = null;
    for (int i = 0; i < length; i++) {
      chain = new Link(chain);
    }
    return chain;
  }

  @Test
  void itemsThatEndTheirWorker() throws Exception {
    try (Pool pool = builder().jvmOptions(List.of("-Xmx32m")).gracePeriod(Duration.ZERO).build()) {
      shown(failure(pool, x -> exit(42), 1));
      shown(failure(pool, x -> ProcessHandle.current().pid() > 0 ? kill() : 0, 1));
      shown(failure(pool, x -> new long[100][1 << 20].length, 1));
      Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(1000)));
      shown(failure(limited, x -> sleep(), 1));
    }
  }

  @Test
  void itemsWithoutALimit() throws Exception {
    TaskOptions byItem = TaskOptions.defaults();
    try (Pool pool = builder().build()) {
      shown(failure(pool.with(byItem.timeout((Object x) -> noSize())), x -> x, 1));
      shown(failure(pool.with(byItem.timeout((Object x) -> Duration.ZERO)), x -> x, 1));
    }
  }

  private static Duration noSize() {
    throw new IllegalStateException("no size known");
  }

  @Test
  void callsThatAreRefused() throws Exception {
    shown(catchThrowable(WorkerContext::current));
    shown(catchThrowable(() -> builder().jvmOptions("Xmx1g")));
    shown(catchThrowable(() -> builder().jvmOptions("-cp", "a.jar")));
    shown(catchThrowable(() -> builder().jvmOptions("-ea", "--add-opens")));
    shown(catchThrowable(() -> builder().workerTemp(Path.of("/data/tmp")).build()));
    shown(catchThrowable(() -> builder().classPath(Path.of("/data/a:b.jar")).build()));
    try (Pool pool = builder().build()) {
      shown(catchThrowable(pool::join));
      shown(catchThrowable(() -> pool.asExecutorService().execute(new Command())));
      var running = pool.applyAsync(x -> sleep(), 1);
      pool.terminate();
      shown(catchThrowable(running::get));
      shown(catchThrowable(() -> pool.apply(x -> x, 1)));
    }
    Pool pool = builder().build();
    pool.close();
    shown(catchThrowable(() -> pool.apply(x -> x, 1)));
  }

  /** Calls a pool where it must not. */
  static class Table {
    static final int ROWS = rows();

    private static int rows() {
      try (Pool pool = builder().build()) {
        return pool.apply(new Identity(), 1);
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Does so as well. */
  static class Page implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws Exception {
      try (Pool pool = builder().build()) {
        pool.apply(new Identity(), 1);
      }
    }
  }

  /** Needs no class but itself. */
  record Identity() implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return x;
    }
  }

  /** Waits for a pool that needs it. */
  static class Static {
    static final Throwable FAILURE = failure();

    private static Throwable failure() {
      try (Pool pool = builder().build()) {
        return catchThrowable(() -> pool.map(new Identity(), () -> List.of(1).iterator()));
      }
    }
  }

  @Test
  void staticInitializersThatCallAPool() throws Exception {
    try (Pool pool = builder().build()) {
      shown(rootCause(failure(pool, x -> Table.ROWS, 1)));
      shown(rootCause(failure(pool, x -> 1, new Page())));
    }
    shown(Static.FAILURE);
  }

  private static Throwable rootCause(Throwable failure) {
    return failure.getCause() == null ? failure : rootCause(failure.getCause());
  }

  private static ProcessPool.Builder builder() {
    return ProcessPool.builder().workers(1).name("documents");
  }

  private static int exit(int code) {
    System.exit(code);
    return code;
  }

  private static int kill() throws IOException, InterruptedException {
    String pid = String.valueOf(ProcessHandle.current().pid());
    return new ProcessBuilder("kill", "-9", pid).start().waitFor();
  }

  private static int sleep() throws InterruptedException {
    Thread.sleep(3_600_000);
    return 0;
  }

  private static Throwable failure(ProcessPool.Builder builder) throws Exception {
    try (Pool pool = builder.build()) {
      return failure(pool, x -> x, 1);
    }
  }

  private static <A> Throwable failure(Pool pool, Task1<A, ?> task, A item) throws Exception {
    Outcome<?> outcome = pool.mapAsync(task, List.of(item)).outcomes().get(0);
    return outcome.failure().orElseThrow();
  }

  /** The page has the first line of the message, but for numbers and the name of this class. */
  private static void shown(Throwable failure) throws IOException {
    Throwable told = failure instanceof ExecutionException ? failure.getCause() : failure;
    Path page = GuidePage.projectRoot().resolve("docs/guide/troubleshooting.md");
    String first = told.getMessage().lines().findFirst().orElseThrow();
    assertThat(withoutNumbers(Files.readString(page)))
        .as(told.toString())
        .contains(withoutNumbers(told.getClass().getSimpleName() + ": " + first));
  }

  private static String withoutNumbers(String text) {
    return text.replace(TroubleshootingTest.class.getName(), "com.acme.Import")
        .replace("TroubleshootingTest.java", "Import.java")
        .replaceAll("thread \\S+ (runs|waits)", "thread main $1")
        .replaceAll("\\d+", "#");
  }
}
