package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.RemoteClasses;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls that this JVM encodes and another one runs, which has nothing on its class path but
 * procpool and its own program.
 */
@ExtendWith(NoLeftovers.class)
class EncodedCallTest {

  /** The time that each item may take. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** What users have: a value with a class of their own. */
  record Part(int number, List<String> names) implements java.io.Serializable {}

  /** Data that is not serializable. */
  record Plain(int number, Optional<Path> at, Map.Entry<String, Empty> entry) {
    static Plain of(int number) {
      return new Plain(number, Optional.of(Path.of("a")), Map.entry("b", new Empty()));
    }
  }

  record Empty() {}

  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    final Part part;

    Refused(Part part) {
      super("refused " + part.number());
      this.part = part;
    }
  }

  /** Its own code fails while it is written. */
  static final class Torn implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      throw new IOException(new Refused(new Part(4, List.of())));
    }
  }

  @TempDir Path folder;
  private ServedJvm jvm;

  @BeforeEach
  void start() throws Exception {
    jvm = new ServedJvm(folder);
    jvm.limit = LIMIT;
  }

  @AfterEach
  void end() throws Exception {
    jvm.close();
  }

  private static Throwable error(Outcome<?> outcome) {
    return outcome.failure().orElseThrow();
  }

  @Test
  void dataThatIsNotSerializableTravelsAsItIs() throws Exception {
    Plain captured = Plain.of(-1);
    Task1<Object, Object> task = x -> x instanceof Integer i ? List.of(Plain.of(i), captured) : x;
    Map<String, Plain> map = new HashMap<>(Map.of("c", Plain.of(3)));
    List<Object> items =
        List.of(1, Plain.of(2), List.of(Plain.of(2)), map, map.keySet(), new Empty());
    assertThat(jvm.run(task, items))
        .extracting(Outcome::valueOrThrow)
        .containsExactly(
            List.of(Plain.of(1), captured),
            Plain.of(2),
            List.of(Plain.of(2)),
            map,
            map.keySet(),
            new Empty());
  }

  @Test
  void valuesOfUsersClassesComeBackInOrder() throws Exception {
    String captured = "of here";
    Task1<Integer, Part> task =
        i -> new Part(i, List.of(captured, EncodedCallTest.class.getSimpleName()));
    List<Integer> items = IntStream.range(0, 100).boxed().toList();
    assertThat(jvm.run(task, items))
        .extracting(Outcome::valueOrThrow)
        .containsExactlyElementsOf(
            items.stream().map(i -> new Part(i, List.of(captured, "EncodedCallTest"))).toList());
    int first = jvm.questions;
    assertThat(first).isPositive();
    // asked once for both workers, and for all calls
    assertThat(jvm.run(task, items)).allMatch(Outcome::isSuccess);
    assertThat(jvm.questions).isEqualTo(first);
  }

  @Test
  void nullPrimitivesAndLargeValuesAreAsInAnyCall() throws Exception {
    assertThat(jvm.run((String s) -> s, java.util.Arrays.asList("a", null)))
        .extracting(Outcome::valueOrThrow)
        .containsExactly("a", null);
    assertThat(jvm.run((Integer i) -> 2 * i, List.of(1, 2)))
        .extracting(Outcome::valueOrThrow)
        .containsExactly(2, 4);
    byte[] large = new byte[3_000_000];
    large[2_999_999] = 7;
    assertThat(jvm.run((byte[] b) -> b, List.of(large)).get(0).valueOrThrow()).isEqualTo(large);
  }

  @Test
  void aTaskMayAskForAnotherWorkerAfterIt() throws Exception {
    Task1<Integer, Long> task =
        i -> {
          WorkerContext.current().replaceWorker();
          return ProcessHandle.current().pid();
        };
    assertThat(jvm.run(task, List.of(1, 2, 3, 4)))
        .extracting(Outcome::valueOrThrow)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatItemsPublishArrivesDecoded() throws Exception {
    Task1<Integer, Part> task =
        i -> {
          WorkerContext.current().publish(new Part(i, List.of("so far")));
          if (i == 1) {
            throw new IllegalStateException("then this");
          }
          return new Part(i, List.of("whole"));
        };
    List<Outcome<Part>> outcomes = jvm.run(task, List.of(0, 1));
    assertThat(outcomes.get(0).partial()).isEmpty();
    assertThat(outcomes.get(1).partial()).contains(new Part(1, List.of("so far")));
    assertThat(error(outcomes.get(1))).hasMessage("then this");
  }

  @Test
  void whatATaskThrowsArrivesAsItself() throws Exception {
    Task1<Integer, Integer> task =
        i -> {
          throw new Refused(new Part(i, List.of("x")));
        };
    Throwable error = error(jvm.run(task, List.of(5)).get(0));
    assertThat(error).isInstanceOf(Refused.class).hasMessage("refused 5");
    assertThat(((Refused) error).part).isEqualTo(new Part(5, List.of("x")));
    assertThat(error.getStackTrace()[0].getClassName()).startsWith(getClass().getName());
  }

  @Test
  void whatCantBeSerializedFailsItsItemAlone() throws Exception {
    Task1<Object, Object> task = i -> i.equals(2) ? new Object() : i.equals(4) ? new Torn() : i;
    List<Outcome<Object>> outcomes = jvm.run(task, List.of(1, 2, new Object(), 4, 5));
    assertThat(outcomes.get(0).valueOrThrow()).isEqualTo(1);
    assertThat(outcomes.get(4).valueOrThrow()).isEqualTo(5);
    assertThat(error(outcomes.get(3)))
        .isInstanceOf(TaskSerializationException.class)
        .hasRootCauseInstanceOf(Refused.class);
    assertThat(error(outcomes.get(1)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1: the result can't be serialized");
    assertThat(error(outcomes.get(2)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 2: the argument can't be serialized");
    Object notSerializable = new Object();
    assertThat(error(jvm.run((Integer i) -> notSerializable.hashCode(), List.of(1)).get(0)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 0: the task can't be serialized");
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // a task that never ends
  void anItemThatKillsItsWorkerCostsNoOther() throws Exception {
    Task1<Integer, Integer> task =
        i -> {
          if (i == 1) {
            Runtime.getRuntime().halt(9);
          }
          while (i == 2) {
            Thread.onSpinWait();
          }
          return i;
        };
    jvm.limit = Duration.ofSeconds(5); // it is waited out
    List<Outcome<Integer>> outcomes = jvm.run(task, List.of(0, 1, 2, 3));
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.WorkerLost.class, lost -> assertThat(lost.exit().status()).isEqualTo(9));
    assertThat(outcomes.get(2))
        .isInstanceOfSatisfying(
            Outcome.TimedOut.class,
            timedOut -> {
              assertThat(timedOut.kind()).isEqualTo(LimitKind.RUN_TIME);
              assertThat(timedOut.limit()).isEqualTo(jvm.limit);
            });
    assertThat(outcomes.get(3).valueOrThrow()).isEqualTo(3);
  }

  @Test
  @SuppressWarnings("unchecked")
  void aPluginBringsItsClassesAndResources() throws Exception {
    Path plugin = Files.createDirectories(folder.resolve("plugin"));
    Compiled.of(plugin, ClassFetchTest.PLUGIN);
    Files.writeString(plugin.resolve("plugin/unit.txt"), " mm");
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {plugin.toUri().toURL()}, getClass().getClassLoader())) {
      Task1<Integer, String> task =
          (Task1<Integer, String>)
              loader.loadClass("plugin.Doubler").getDeclaredConstructor().newInstance();
      assertThat(jvm.run(task, List.of(3)).get(0).valueOrThrow())
          .isEqualTo("Pair[value=3, twice=6] mm");
    }
  }

  @Test
  void whatIsNoEncodedTaskIsRefusedWithAWord() throws Exception {
    RemoteClasses none = new RemoteClasses(1, question -> question);
    for (byte[] bytes : List.of(new byte[0], new byte[] {1, 0}, new byte[] {9}, new byte[14])) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> EncodedTask.read(bytes, n -> none))
          .withMessageMatching("(?s).*(no encoded task|format).*");
    }
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> jvm.encoder.answer("executor", new byte[3]))
        .withMessageContaining("no question");
  }

  @Test
  void aPoolWithoutTheEncodersActionsRunsIt() throws Exception {
    try (CallEncoder encoder = new CallEncoder();
        CallEncoder.Call<Integer, Part> call = encoder.encode(i -> new Part(i, List.of()));
        Pool pool = ProcessPool.create(2)) {
      EncodedTask task =
          EncodedTask.read(
              call.task(), n -> new RemoteClasses(n, question -> encoder.answer("x", question)));
      List<byte[]> items =
          Stream.of(0, 1, 2).map(i -> call.item(i, i, failed -> {}).bytes()).toList();
      assertThat(pool.mapAsync(task, items).outcomes())
          .extracting(outcome -> call.outcome(outcome).valueOrThrow())
          .containsExactly(new Part(0, List.of()), new Part(1, List.of()), new Part(2, List.of()));
    }
  }

  @Test
  void onlyWorkersCanRunIt() throws Exception {
    RemoteClasses none = new RemoteClasses(1, question -> question);
    byte[] bytes = EncodedTask.write(new byte[0], new byte[0], false, 1);
    try (Pool pool = InlinePool.create(1)) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> pool.mapAsync(EncodedTask.read(bytes, n -> none), List.of(bytes)).get())
          .withMessageContaining("ProcessPool");
    }
  }

  @Test
  void whatMakesNoSenseFailsItsItems() throws Exception {
    RemoteClasses lost =
        new RemoteClasses(
            1,
            question -> {
              throw new IllegalStateException("the sender is gone");
            });
    byte[] garbage = EncodedTask.write(new byte[] {1, 2, 3}, new byte[0], false, 1);
    byte[] fine;
    try (CallEncoder.Call<Integer, Part> call = jvm.encoder.encode(i -> new Part(i, List.of()))) {
      fine = call.task();
    }
    try (Pool pool = ProcessPool.create(1)) {
      List<Outcome<byte[]>> outcomes =
          pool.mapAsync(
                  EncodedTask.read(garbage, n -> lost), java.util.Arrays.asList(null, new byte[1]))
              .outcomes();
      assertThat(error(outcomes.get(0))).hasMessage("item 0: not encoded, but null");
      assertThat(error(outcomes.get(1))).isInstanceOf(TaskSerializationException.class);
      // its classes can't be had
      assertThat(pool.mapAsync(EncodedTask.read(fine, n -> lost), List.of(new byte[1])).outcomes())
          .noneMatch(Outcome::isSuccess);
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }
  }
}
