package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A class loader that has the pool's own classes goes with its pools, as a server needs it that
 * loads an application anew: nothing of the JVM's holds it, and no thread of ours is left.
 */
class RedeployTest {

  private static final String APPLICATION =
      """
      package application;

      import dev.procpool.OnClose;
      import dev.procpool.Pool;
      import dev.procpool.ResultIterator;
      import dev.procpool.Shared;
      import dev.procpool.TaskOptions;
      import dev.procpool.function.Task1;
      import dev.procpool.inline.InlinePool;
      import dev.procpool.local.ProcessPool;
      import java.time.Duration;
      import java.util.ArrayList;
      import java.util.List;
      import java.util.concurrent.CountDownLatch;
      import java.util.concurrent.ExecutionException;
      import java.util.function.Consumer;

      public class Application implements Consumer<String> {
        static final Task1<Integer, Integer> TWICE = i -> 2 * i;

        /** As applications do: what was closed is still held. */
        static Pool pool;

        static final List<Object> KEPT = new ArrayList<>();

        @Override
        public void accept(String how) {
          try {
            switch (how) {
              case "used" -> closed(builder(), Application::use);
              case "inline" -> {
                pool = InlinePool.create(2);
                use(pool);
                pool.close();
                pool.join();
              }
              case "not used" -> closed(builder(), p -> {});
              case "prestarted" -> closed(builder(), Pool::prestart);
              case "initialized" ->
                  closed(builder().initializer(() -> {}).finalizer(() -> {}), p -> use(p));
              case "logging" -> closed(builder().forwardLogs(), p -> p.apply(Application::log));
              case "output" ->
                  closed(
                      builder().output(line -> {}), p -> p.apply(() -> System.out.printf("%n").checkError()));
              case "sandboxed" -> closed(builder().sandbox(start -> List.of("env")), p -> use(p));
              case "nested" -> closed(builder(), p -> check(p.apply(Application::nested) == 2));
              case "a worker died" ->
                  closed(
                      builder(),
                      p -> {
                        fails(() -> p.apply(Application::die));
                        check(p.apply(TWICE, 1) == 2);
                      });
              case "timed out" ->
                  closed(
                      builder(),
                      p -> {
                        TaskOptions brief = TaskOptions.defaults().timeout(Duration.ofMillis(1));
                        fails(() -> p.with(brief).apply(Application::hang));
                      });
              case "hung" ->
                  closed(
                      builder().onClose(OnClose.TERMINATE),
                      p -> {
                        KEPT.add(p.applyAsync(Application::hang));
                        KEPT.add(p.imap(i -> hang(), List.of(1, 2)));
                      });
              case "broken" ->
                  closed(
                      builder()
                          .initializer(
                              () -> {
                                throw new IllegalStateException("an initializer that fails");
                              }),
                      p -> fails(() -> p.apply(TWICE, 1)));
              case "abandoned" -> use(builder().build());
              case "abandoned at once" -> builder().build();
              case "abandoned inline" -> use(InlinePool.create(2));
              case "abandoned after a shutdown" -> {
                Pool left = builder().build();
                left.imap(i -> hang(), List.of(1, 2));
                left.shutdown();
              }
              case "abandoned with a hung item" -> {
                Pool left = builder().build();
                left.imap(i -> hang(), List.of(1, 2));
              }
              default -> throw new AssertionError(how);
            }
          } catch (Exception e) {
            throw new AssertionError(how, e);
          }
        }

        interface Use {
          void of(Pool pool) throws Exception;
        }

        interface Call {
          void run() throws Exception;
        }

        private static ProcessPool.Builder builder() {
          return ProcessPool.builder().workers(2);
        }

        private static void closed(ProcessPool.Builder builder, Use use) throws Exception {
          pool = builder.build();
          use.of(pool);
          pool.close();
          pool.join();
        }

        private static void fails(Call call) throws Exception {
          try {
            call.run();
          } catch (ExecutionException | RuntimeException expected) {
            KEPT.add(expected);
            return;
          }
          throw new AssertionError("did not fail");
        }

        private static int hang() throws Exception {
          Thread.sleep(Long.MAX_VALUE);
          return 0;
        }

        private static int nested() throws Exception {
          try (Pool inner = ProcessPool.builder().workers(1).build()) {
            return inner.apply(TWICE, 1);
          }
        }

        private static int log() {
          System.getLogger("application").log(System.Logger.Level.INFO, "a word");
          return 0;
        }

        private static int die() {
          Runtime.getRuntime().halt(3);
          return 0;
        }

        private static void use(Pool pool) throws Exception {
          check(pool.map(TWICE, List.of(1, 2, 3)).equals(List.of(2, 4, 6)));
          check(pool.apply(TWICE, 4) == 8);
          Shared<List<Integer>> shared = pool.share(List.of(5, 6));
          KEPT.add(shared);
          check(pool.apply(i -> shared.get().get(i), 1) == 6);
          CountDownLatch called = new CountDownLatch(2);
          KEPT.add(pool.applyAsync(TWICE, 1).onSuccess(value -> called.countDown()));
          pool.applyAsync(TWICE, 1)
              .onSuccess(
                  value -> {
                    called.countDown();
                    throw new IllegalStateException("a callback that fails is logged");
                  });
          called.await();
          int sum = 0;
          try (ResultIterator<Integer> results = pool.imap(TWICE, List.of(1, 2))) {
            while (results.hasNext()) {
              sum += results.next();
            }
          }
          check(sum == 6);
          check(pool.imap(TWICE, List.of(1, 2)).next() == 2); // its rest is left
          ResultIterator<Integer> kept = pool.imap(TWICE, List.of(1, 2));
          check(kept.next() == 2);
          KEPT.add(kept);
          TaskOptions limited = TaskOptions.defaults().timeout(Duration.ofMinutes(10));
          check(pool.with(limited).apply(TWICE, 1) == 2);
          KEPT.add(pool.applyAsync(TWICE, 1).toCompletableFuture());
          fails(() -> pool.apply(i -> { throw new IllegalStateException("a task fails"); }, 1));
        }

        private static void check(boolean holds) {
          if (!holds) {
            throw new AssertionError();
          }
        }
      }
      """;

  /** The server: the pool is on nobody's class path. */
  static final class Server {

    private Server() {}

    public static void main(String[] args) throws Exception {
      if (args[0].equals("recorded")) {
        new Recording().start();
      }
      for (String how : List.of(args).subList(3, args.length)) {
        WeakReference<ClassLoader> loader = deploy(args, how);
        System.out.println(how + (comesTrue(() -> loader.get() == null) ? " is gone" : " is held"));
      }
      comesTrue(() -> threads().isEmpty());
      System.out.println("threads: " + threads());
    }

    private static WeakReference<ClassLoader> deploy(String[] args, String how) throws Exception {
      URL[] urls = {url(args[1]), url(args[2])};
      URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
      run(loader, how);
      if (!how.startsWith("abandoned")) { // such a pool needs its classes to end
        loader.close();
      }
      return new WeakReference<>(loader);
    }

    @SuppressWarnings("unchecked") // the test knows what it compiled
    private static void run(ClassLoader loader, String how) throws Exception {
      Class<?> type = loader.loadClass("application.Application");
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        ((Consumer<String>) type.getDeclaredConstructor().newInstance()).accept(how);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    private static URL url(String path) throws Exception {
      return Path.of(path).toUri().toURL();
    }

    private static List<String> threads() {
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("procpool"))
          .toList();
    }

    /** Has the JDK's serialization let go of what it knew of other classes: at its next use. */
    private static void serialize() throws Exception {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(new ArrayList<>());
      new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }

    private static boolean comesTrue(Callable<Boolean> condition) throws Exception {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (System.nanoTime() < end) {
        System.gc();
        serialize();
        if (condition.call()) {
          return true;
        }
        Thread.sleep(10); // collection and the end of a thread announce nothing
      }
      return false;
    }
  }

  @TempDir Path folder;

  @Test
  void theLoaderGoesWithPoolsThatAreClosed() throws Exception {
    assertGone(
        "",
        "used",
        "used",
        "inline",
        "not used",
        "prestarted",
        "initialized",
        "logging",
        "output",
        "sandboxed",
        "nested");
  }

  @Test
  void theLoaderGoesWithPoolsInTrouble() throws Exception {
    assertGone("", "a worker died", "timed out", "hung", "broken");
  }

  @Test
  void theLoaderGoesWithPoolsThatAreNeverClosed() throws Exception {
    assertGone(
        "",
        "abandoned",
        "abandoned at once",
        "abandoned inline",
        "abandoned after a shutdown",
        "abandoned with a hung item");
  }

  @Test
  void theLoaderGoesWithPoolsThatWereRecorded() throws Exception {
    assertGone("recorded", "used", "a worker died");
  }

  private void assertGone(String mode, String... hows) throws Exception {
    Compiled.of(folder, APPLICATION);
    List<String> options =
        List.of(
            "-XX:SoftRefLRUPolicyMSPerMB=0", // 17's serialization keeps classes by soft references
            "-Xmx64m",
            "-cp",
            Compiled.place(Server.class).toString());
    List<String> arguments = new ArrayList<>();
    arguments.add(mode);
    arguments.add(Compiled.core().toString());
    arguments.add(folder.toString());
    arguments.addAll(List.of(hows));
    try (ChildJvm server =
        new ChildJvm(folder, options, Server.class, arguments.toArray(new String[0]))) {
      assertThat(server.exitCode()).as(server.errors()).isZero();
      List<String> expected = new ArrayList<>();
      for (String how : hows) {
        expected.add(how + " is gone");
      }
      expected.add("threads: []");
      assertThat(server.output()).isEqualTo(expected);
      assertThat(server.files()).isEmpty();
      assertThat(server.workers()).isEmpty();
    }
  }
}
