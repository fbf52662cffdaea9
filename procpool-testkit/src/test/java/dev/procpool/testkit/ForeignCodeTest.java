package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerOutput;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import dev.procpool.spi.ObjectCodec;
import dev.procpool.testkit.Unspeakable.Answer;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users' code among a process pool's options; what every backend runs is in the contract. */
class ForeignCodeTest extends ProcessPoolTest {

  @TempDir Path classes;

  @ParameterizedTest
  @EnumSource
  void anInitializerThatThrowsWhatCantBeAskedBreaksThePoolInWords(Answer answer) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(0, Duration.ofSeconds(10))
                .initializer(
                    () -> {
                      throw new Unspeakable(answer);
                    }));
    PoolBrokenException broken = broken(pool);
    assertThat(broken.getMessage())
        .contains("the initializer failed with " + Unspeakable.class.getName());
    assertThat(broken.getCause() instanceof Unspeakable).isTrue();
  }

  /** It may take as long as it likes to fail: starts without end are none the better for it. */
  @Test
  void anInitializerThatFailsTooSlowlyForTheWindowBreaksThePool() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(1, Duration.ofNanos(1))
                .initializer(
                    () -> {
                      throw new IllegalStateException("no model here");
                    }));
    assertThat(broken(pool).getMessage())
        .contains("no model here", "one more than the 1 failures in a row");
  }

  @ParameterizedTest
  @EnumSource
  void aFinalizerThatThrowsWhatCantBeAskedEndsWithItsWorker(Answer answer) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(WorkerOutput.discard())
                .finalizer(
                    () -> {
                      throw new Unspeakable(answer);
                    }));
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    pool.close();
    assertThat(isGone(pid)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aConsumerOfOutputThatThrowsWhatCantBeAskedGetsEachLine(Answer answer) throws Exception {
    CountDownLatch lines = new CountDownLatch(2000);
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(
                    line -> {
                      lines.countDown();
                      throw new Unspeakable(answer);
                    }));
    pool.forEach(
        x -> {
          for (int i = 0; i < 1000; i++) {
            System.out.println("a line that is long enough to fill a pipe soon, number " + i);
          }
        },
        List.of(1, 2));
    await(lines);
  }

  /** A worker sends no more records than were taken. */
  @ParameterizedTest
  @EnumSource
  void aConsumerOfLogsThatThrowsWhatCantBeAskedGetsEachRecord(Answer answer) throws Exception {
    CountDownLatch records = new CountDownLatch(600);
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .forwardLogs(
                    log -> {
                      records.countDown();
                      throw new Unspeakable(answer);
                    }));
    pool.apply(
        () -> {
          for (int i = 0; i < 600; i++) {
            Logger.getLogger("foreign").log(java.util.logging.Level.INFO, "x", failure(answer));
          }
          return 0;
        });
    await(records);
  }

  private static Throwable failure(Answer answer) {
    return new Unspeakable(answer);
  }

  @ParameterizedTest
  @EnumSource
  void aLoaderThatThrowsFailsTheItem(Answer answer) throws Exception {
    Compiled compiled =
        Compiled.of(
            classes,
            """
            package plugin;
            public class Silent implements dev.procpool.function.Task1<Integer, Integer> {
              @Override public Integer call(Integer value) { return value; }
            }
            """);
    Pool pool = pool(1);
    try (URLClassLoader loader = new MuteLoader(compiled.url(), answer)) {
      Task1<Integer, Integer> task = Compiled.make(loader, "plugin.Silent");
      List<Outcome<Integer>> outcomes = pool.mapAsync(task, List.of(1)).outcomes(BOUND);
      assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failure.class);
    }
    assertThat(pool.apply(() -> 7)).isEqualTo(7);
  }

  /** Has classes, and no resources. */
  private static final class MuteLoader extends URLClassLoader {
    private final Answer answer;

    MuteLoader(URL classes, Answer answer) {
      super(new URL[] {classes}, ForeignCodeTest.class.getClassLoader());
      this.answer = answer;
    }

    @Override
    public URL getResource(String name) {
      throw new Unspeakable(answer);
    }

    @Override
    public Enumeration<URL> getResources(String name) {
      throw new Unspeakable(answer);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      throw new Unspeakable(answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSandboxThatThrowsBreaksThePoolInWords(Answer answer) throws Exception {
    Sandbox box =
        start -> {
          throw new Unspeakable(answer);
        };
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(0, Duration.ofSeconds(10))
                .sandbox(box));
    assertThat(broken(pool).getMessage())
        .contains("can't be started: " + Unspeakable.class.getName());
  }

  /** Throws at every value, in this process or in a worker. */
  private record WickedCodec(Answer answer, boolean writes) implements ObjectCodec {
    @Override
    public boolean encode(Object graph, OutputStream out) throws Exception {
      if (!writes) {
        throw new Unspeakable(answer);
      }
      out.write(1);
      return true;
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length, ClassLoader loader) {
      throw new Unspeakable(answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anObjectCodecThatThrowsFailsItsItemsAlone(Answer answer) throws Exception {
    Pool readsNothing =
        built(ProcessPool.builder().workers(1).objectCodec(new WickedCodec(answer, true)));
    List<Outcome<Integer>> outcomes =
        readsNothing
            .mapAsync(x -> 1, List.<Object>of("plain", new BigDecimal("1.5"), "plain"))
            .outcomes();
    assertThat(outcomes.get(0).isSuccess()).isTrue();
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes.get(2).isSuccess()).isTrue();
    Pool writesNothing =
        built(ProcessPool.builder().workers(1).objectCodec(new WickedCodec(answer, false)));
    BigDecimal back = writesNothing.apply(x -> x, new BigDecimal("1.5"));
    assertThat(back)
        .as("what the codec does not take goes by Java serialization")
        .isEqualTo(new BigDecimal("1.5"));
  }

  @ParameterizedTest
  @EnumSource
  void aResultFilterThatThrowsFailsItsItemsAlone(Answer answer) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .resultFilter(
                    info -> {
                      throw new Unspeakable(answer);
                    }));
    List<Outcome<Object>> outcomes =
        pool.mapAsync(
                x -> x == 1 ? (Object) new BigDecimal("1.5") : Integer.valueOf(x), List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes.get(0).isSuccess()).isTrue();
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes.get(2).isSuccess()).isTrue();
  }

  /** An exception whose decoding throws what can't be asked, from an initializer too. */
  @Test
  void anInitializersExceptionThatCantBeReadBreaksThePoolInWords() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(0, Duration.ofSeconds(10))
                .initializer(
                    () -> {
                      throw new Unreadable();
                    }));
    assertThat(broken(pool).getMessage())
        .contains("the initializer failed with")
        .contains("unreadable, it says");
  }

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super("unreadable, it says");
    }

    private Object readResolve() {
      throw new Unspeakable(Answer.ERROR);
    }
  }

  private static PoolBrokenException broken(Pool pool) throws Exception {
    AsyncResult<Integer> call = pool.applyAsync(x -> x, 1);
    try {
      throw new AssertionError("got " + call.get(BOUND));
    } catch (ExecutionException e) {
      assertThat(e.getCause() instanceof PoolBrokenException)
          .as("%s", e.getCause().getClass())
          .isTrue();
      return (PoolBrokenException) e.getCause();
    }
  }
}
