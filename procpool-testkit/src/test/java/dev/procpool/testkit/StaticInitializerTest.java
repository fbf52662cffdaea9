package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Action0;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Section 5 of the contract: a static initializer that fails in one process only is told by its
 * class and cause, the first time and every time after.
 */
class StaticInitializerTest extends ProcessPoolTest {

  private static final String HERE = "dev.procpool.testkit.here";
  private static final String CAUSE = "java.lang.IllegalStateException: no settings here";

  @BeforeEach
  void inThisProcessAlone() {
    System.setProperty(HERE, "yes");
  }

  @AfterEach
  void forget() {
    System.clearProperty(HERE);
  }

  private static String here() {
    if (System.getProperty(HERE) == null) {
      throw new IllegalStateException("no settings here");
    }
    return "here";
  }

  private static String elsewhere() {
    if (System.getProperty(HERE) != null) {
      throw new IllegalStateException("no settings here");
    }
    return "elsewhere";
  }

  static class OfTask {
    static final String HOME = here();

    static Task1<Integer, Integer> task() {
      return x -> HOME.length() + x;
    }
  }

  static class Used {
    static final String HOME = here();
  }

  record Argument(int number) implements Serializable {
    static final String HOME = here();
  }

  record Result(int number) implements Serializable {
    static final String HOME = elsewhere();
  }

  static class OfInitializer {
    static final String HOME = here();

    static Action0 action() {
      return () -> System.out.print(HOME);
    }
  }

  /** Fails with an error, which the JVM does not wrap. */
  static class Native {
    static final boolean LOADED = load();

    private static boolean load() {
      if (System.getProperty(HERE) == null) {
        throw new UnsatisfiedLinkError("no settings here");
      }
      return true;
    }

    static Task1<Integer, Integer> task() {
      return x -> LOADED ? x : 0;
    }
  }

  private static <T> void assertToldTwice(
      Pool pool, Task1<T, ?> task, T item, Class<?> initialized, String cause) throws Exception {
    for (int call = 0; call < 2; call++) {
      for (Outcome<?> outcome : pool.mapAsync(task, List.of(item, item)).outcomes()) {
        Throwable failure = outcome.failure().orElseThrow();
        assertThat(failure)
            .isInstanceOf(TaskSerializationException.class)
            .hasMessageContaining("item " + outcome.index())
            .hasMessageContaining(
                "the static initializer of class " + initialized.getName() + " failed: " + cause)
            .hasMessageNotContaining("class path")
            .hasCauseInstanceOf(LinkageError.class);
        assertThat(failure).rootCause().hasMessageContaining("no settings here");
      }
    }
  }

  @Test
  void ofTheTasksClass() throws Exception {
    assertToldTwice(pool(1), OfTask.task(), 1, OfTask.class, CAUSE);
  }

  @Test
  void ofTheTasksClassWithAnError() throws Exception {
    assertToldTwice(
        pool(1),
        Native.task(),
        1,
        Native.class,
        "java.lang.UnsatisfiedLinkError: no settings here");
  }

  @Test
  void ofTheArgumentsClass() throws Exception {
    assertToldTwice(pool(1), Argument::number, new Argument(1), Argument.class, CAUSE);
  }

  @Test
  void ofTheResultsClassInTheCaller() throws Exception {
    assertToldTwice(pool(1), x -> new Result(x), 1, Result.class, CAUSE);
  }

  @Test
  void ofAClassThatTheTaskUses() throws Exception {
    Pool pool = pool(1);
    for (int call = 0; call < 2; call++) {
      for (Outcome<?> outcome :
          pool.mapAsync(x -> Used.HOME.length() + x, List.of(1, 2)).outcomes()) {
        Throwable failure = outcome.failure().orElseThrow();
        boolean isFirst = call == 0 && outcome.index() == 0;
        assertThat(failure)
            .isInstanceOf(isFirst ? ExceptionInInitializerError.class : NoClassDefFoundError.class)
            .hasMessageContaining(
                "the static initializer of class "
                    + Used.class.getName()
                    + " failed in the worker: "
                    + CAUSE);
        assertThat(failure.toString()).contains(CAUSE).doesNotContain("InitFailure");
        assertThat(failure.getStackTrace()[0].getClassName())
            .isEqualTo(StaticInitializerTest.class.getName());
        assertThat(failure.getCause()).hasMessageContaining("no settings here");
        assertThat(failure.getCause().getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("<clinit>"));
      }
    }
  }

  @Test
  void ofTheInitializersClass() {
    Pool pool =
        endedAfterTest(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(0, Duration.ofMinutes(1))
                .initializer(OfInitializer.action())
                .build());
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1))
        .havingCause()
        .isInstanceOf(PoolBrokenException.class)
        .withMessageContaining("the initializer failed")
        .withMessageContaining(
            "the static initializer of class "
                + OfInitializer.class.getName()
                + " failed: "
                + CAUSE);
  }
}
