package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Items that go wrong in every way that there is: each costs itself, and no executor. */
@ExtendWith(SharedCluster.class)
class FailuresTest extends ClusterTest {

  /** What is wrong with an item. */
  private enum Wrong {
    NOTHING,
    THROWS,
    THROWS_WHAT_CANT_BE_SENT,
    ARGUMENT_CANT_BE_SENT,
    ARGUMENT_CANT_BE_READ,
    RESULT_CANT_BE_SENT,
    RESULT_CANT_BE_READ
  }

  @Test
  void failuresCostOneItemEachAndHaveTheMessagesOfTheLocalPool() throws Exception {
    List<Long> executors = pidsOfExecutors();
    List<String> here;
    try (Pool local = ProcessPool.create(1)) {
      here = failures(local);
    }
    assertThat(failures(pool(2))).isEqualTo(here);
    assertThat(here.get(Wrong.NOTHING.ordinal())).isEqualTo("0 Success");
    assertThat(here)
        .filteredOn(line -> line.contains("Failure"))
        .hasSize(Wrong.values().length - 1);
    assertThat(pidsOfExecutors()).isEqualTo(executors);
  }

  @Test
  void theStackOfTheWorkerComesAlong() throws Exception {
    Outcome<Object> outcome =
        pool(1)
            .mapAsync(FailuresTest::answer, List.of(new Question(Wrong.THROWS)))
            .outcomes()
            .get(0);
    assertThat(outcome.failure().orElseThrow())
        .isExactlyInstanceOf(Refused.class)
        .hasMessage("refused")
        .hasCauseExactlyInstanceOf(IOException.class);
    assertThat(outcome.failure().orElseThrow().getStackTrace()[0].getMethodName())
        .isEqualTo("answer");
  }

  @Test
  void deathsAndLoopsCostOneItemEachAndNoExecutor() throws Exception {
    List<Long> executors = pidsOfExecutors();
    List<Deed> deeds = new ArrayList<>();
    for (Deed deed : Deed.values()) {
      deeds.add(deed);
      deeds.add(Deed.NOTHING);
    }
    TaskOptions options =
        TaskOptions.defaults()
            .timeout((Deed deed) -> deed.isEndless() ? Duration.ofMillis(500) : BOUND);
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(2)
                .jvmOptions(List.of("-Xmx64m", "-XX:-CreateCoredumpOnCrash"))
                .gracePeriod(Duration.ofMillis(100)));
    List<Outcome<String>> outcomes = pool.with(options).mapAsync(Deed::run, deeds).outcomes();
    assertThat(outcomes).hasSameSizeAs(deeds);
    for (Outcome<String> outcome : outcomes) {
      Deed deed = deeds.get((int) outcome.index());
      assertThat(Deed.seenFrom(outcome)).as("%s", outcome).isEqualTo(deed.expected);
      assertThat(outcome.attempts()).isEqualTo(1);
    }
    assertThat(pidsOfExecutors()).isEqualTo(executors);
    assertThat(pool.apply(() -> "alive")).isEqualTo("alive");
  }

  private static List<String> failures(Pool pool) throws InterruptedException {
    List<Question> questions = Arrays.stream(Wrong.values()).map(Question::new).toList();
    return pool.mapAsync(FailuresTest::answer, questions).outcomes().stream()
        .map(FailuresTest::inWords)
        .toList();
  }

  private static String inWords(Outcome<Object> outcome) {
    String kind = outcome.index() + " " + outcome.getClass().getSimpleName();
    return outcome
        .failure()
        // What follows the first line is a stack, in which the pools differ.
        .map(e -> kind + " " + e.getClass().getName() + ": " + e.getMessage().lines().findFirst())
        .orElse(kind);
  }

  private static Object answer(Question question) throws Refused {
    return switch (question.wrong) {
      case THROWS -> throw new Refused(null);
      case THROWS_WHAT_CANT_BE_SENT -> throw new Refused(new Thread("not to be sent"));
      case RESULT_CANT_BE_SENT -> new Thread("not to be sent");
      case RESULT_CANT_BE_READ -> new Unreadable();
      default -> "fine";
    };
  }

  /** An exception of the test's own. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // that it can't be is the point
    private final Object cargo;

    Refused(Object cargo) {
      super("refused", new IOException("the reason"));
      this.cargo = cargo;
    }

    @Override
    public String toString() {
      return super.toString() + (cargo == null ? "" : " with cargo");
    }
  }

  /** An argument that may be one that can't be sent, or can't be read. */
  private static final class Question implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Wrong wrong;

    @SuppressWarnings({"serial", "unused"}) // that it can't be is the point
    private final Object cargo;

    Question(Wrong wrong) {
      this.wrong = wrong;
      this.cargo = wrong == Wrong.ARGUMENT_CANT_BE_SENT ? new Thread("not to be sent") : null;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (wrong == Wrong.ARGUMENT_CANT_BE_READ) {
        throw new InvalidObjectException("this argument can't be read");
      }
    }
  }

  /** A result that the driver can't read. */
  private static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException {
      throw new InvalidObjectException("this result can't be read");
    }
  }

  /** What an item does to its worker. */
  private enum Deed {
    NOTHING("Success"),
    EXIT(WorkerExit.Reason.EXITED.name()),
    HALT(WorkerExit.Reason.EXITED.name()),
    SEGFAULT(WorkerExit.Reason.NATIVE_CRASH.name()),
    HOARD(WorkerExit.Reason.OUT_OF_MEMORY.name()),
    LOOP(LimitKind.RUN_TIME.name()),
    SLEEP_DEAF(LimitKind.RUN_TIME.name());

    private final String expected;

    Deed(String expected) {
      this.expected = expected;
    }

    boolean isEndless() {
      return this == LOOP || this == SLEEP_DEAF;
    }

    String run() throws ReflectiveOperationException {
      switch (this) {
        case EXIT -> System.exit(3);
        case HALT -> Runtime.getRuntime().halt(4);
        case SEGFAULT -> segfault();
        case HOARD -> hoard();
        case LOOP -> loop();
        case SLEEP_DEAF -> sleepDeaf();
        default -> {
          return "done";
        }
      }
      throw new AssertionError("survived " + this);
    }

    private static void segfault() throws ReflectiveOperationException {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    }

    private static void hoard() {
      List<byte[]> hoard = new ArrayList<>();
      while (hoard.size() < 1_000) {
        hoard.add(new byte[1 << 20]);
      }
    }

    private static void loop() {
      long end = System.nanoTime() + BOUND.toNanos();
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
    }

    private static void sleepDeaf() {
      long end = System.nanoTime() + BOUND.toNanos();
      while (System.nanoTime() - end < 0) {
        try {
          TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
          // deaf
        }
      }
    }

    private static String seenFrom(Outcome<String> outcome) {
      if (outcome instanceof Outcome.WorkerLost<String> lost) {
        return lost.exit().reason().name();
      }
      if (outcome instanceof Outcome.TimedOut<String> timedOut) {
        return timedOut.kind().name();
      }
      return outcome.getClass().getSimpleName();
    }
  }
}
