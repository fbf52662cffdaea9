package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.LifeOptions;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.EncodedActions;
import dev.procpool.spi.ObjectCodec;
import dev.procpool.spi.RemoteClasses;
import dev.procpool.spi.SharedStore;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What another backend's builder is told is there in the workers of another JVM, which has none of
 * the user's classes.
 */
@ExtendWith(NoLeftovers.class)
class EncodedActionsTest {

  /** The builder of another backend, as that of a cluster. */
  private static final class Builder extends LifeOptions<Builder> {
    @Override
    protected Builder self() {
      return this;
    }

    byte[] of(int worker) {
      return encodeFor(worker);
    }
  }

  record Model(String name) {}

  /** Not serializable; the codec knows it. */
  static final class Mark {
    final String text;

    Mark(String text) {
      this.text = text;
    }
  }

  private static final class Marking implements ObjectCodec {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean encode(Object graph, OutputStream out) throws Exception {
      if (graph instanceof Mark mark) {
        out.write(mark.text.getBytes(StandardCharsets.UTF_8));
        return true;
      }
      return false;
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length, ClassLoader loader) {
      return new Mark(new String(bytes, offset, length, StandardCharsets.UTF_8) + "+");
    }

    @Override
    public List<String> workerJvmOptions() {
      return List.of("-Dcodec.a=codec", "-Dcodec.b=codec");
    }
  }

  @TempDir Path folder;

  private static <R> R one(ServedJvm jvm, Task1<Integer, R> task) throws Exception {
    return jvm.run(task, List.of(0)).get(0).valueOrThrow();
  }

  @Test
  void initializerAndFinalizerRunInTheWorkersOfTheOtherJvm() throws Exception {
    FileLog begun = new FileLog(folder.resolve("begun"));
    FileLog ended = new FileLog(folder.resolve("ended"));
    Builder builder =
        new Builder()
            .initializer(
                () -> {
                  WorkerContext.current().setState(Model.class, new Model("large"));
                  begun.add("worker " + WorkerContext.current().workerNumber());
                })
            .finalizer(() -> ended.add("worker " + WorkerContext.current().workerNumber()));
    Set<String> used = new HashSet<>();
    try (ServedJvm jvm = new ServedJvm(folder, builder, new byte[0])) {
      Task1<Integer, String> task =
          i ->
              WorkerContext.current().state(Model.class).name()
                  + " worker "
                  + WorkerContext.current().workerNumber();
      for (Outcome<String> outcome : jvm.run(task, IntStream.range(0, 10).boxed().toList())) {
        assertThat(outcome.valueOrThrow()).startsWith("large worker ");
        used.add(outcome.valueOrThrow().substring("large ".length()));
      }
    }
    assertThat(begun.lines()).doesNotHaveDuplicates().containsAll(used);
    // a worker that was still starting at the end of the pool is killed
    assertThat(ended.lines()).doesNotHaveDuplicates().containsAll(used);
  }

  @Test
  void theCodecWritesAndReadsOnBothSides() throws Exception {
    Builder builder = new Builder().objectCodec(new Marking()).jvmOptions("-Dcodec.b=user");
    try (ServedJvm jvm = new ServedJvm(folder, builder, builder.of(0))) {
      Task1<Mark, Mark> task = mark -> new Mark(mark.text + "there");
      assertThat(jvm.run(task, List.of(new Mark("a"), new Mark("b"))))
          .extracting(outcome -> outcome.valueOrThrow().text)
          .containsExactly("a+there+", "b+there+");
      String told = one(jvm, i -> System.getProperty("codec.a") + System.getProperty("codec.b"));
      assertThat(told).isEqualTo("codecuser");
    }
  }

  @Test
  void theLimitOfValuesHoldsOnBothSides() throws Exception {
    try (ServedJvm jvm = new ServedJvm(folder, new Builder().maxPayload(10_000), new byte[0])) {
      byte[] fits = one(jvm, i -> new byte[9_000]);
      assertThat(fits).hasSize(9_000);
      for (Outcome<?> outcome :
          List.of(
              jvm.run((Integer i) -> new byte[11_000], List.of(0)).get(0),
              jvm.run((byte[] b) -> b.length, List.of(new byte[11_000])).get(0))) {
        assertThat(outcome.failure().orElseThrow())
            .isInstanceOf(TaskSerializationException.class)
            .hasMessageContaining("more than the limit of 10000 bytes");
      }
    }
  }

  @Test
  void optionsOfWorkersCrossForEachWorker() throws Exception {
    Builder builder =
        new Builder()
            .jvmOptions("-Done=1", "-Dtwo=1")
            .jvmOptions(worker -> List.of("-Dtwo=" + worker))
            .environment("PLACE", "here")
            .environment(worker -> Map.of("SLOT", "slot " + worker))
            .inheritClassPath(false)
            .maxTasksPerWorker(1);
    try (ServedJvm jvm = new ServedJvm(folder, builder, builder.of(7))) {
      Task1<Integer, List<String>> task =
          i ->
              List.of(
                  System.getProperty("one"),
                  System.getProperty("two"),
                  System.getenv("PLACE"),
                  System.getenv("SLOT"),
                  System.getProperty("java.class.path"));
      assertThat(one(jvm, task)).containsExactly("1", "7", "here", "slot 7", "" + Compiled.core());
      Task1<Integer, Long> pid = i -> ProcessHandle.current().pid();
      assertThat(jvm.run(pid, List.of(1, 2, 3)))
          .extracting(Outcome::valueOrThrow)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void whatCantBeSerializedIsRefusedWithItsName() {
    Object notSerializable = new Object();
    Builder builder = new Builder().initializer(() -> System.out.println(notSerializable));
    assertThatExceptionOfType(TaskSerializationException.class)
        .isThrownBy(() -> new CallEncoder(builder, new NoStore()))
        .withMessageContaining("the initializer can't be serialized");
    assertThatExceptionOfType(TaskSerializationException.class)
        .isThrownBy(() -> new Builder().sandbox(start -> List.of("" + notSerializable)).of(0))
        .withMessageContaining("options of workers");
  }

  @Test
  void whatWasNotEncodedIsRefusedWithAWord() {
    RemoteClasses none = new RemoteClasses(1, question -> question);
    for (byte[] bytes : List.of(new byte[0], new byte[] {1, 0}, new byte[] {9}, new byte[40])) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> EncodedActions.read(bytes, n -> none))
          .withMessageMatching("(?s).*(no encoded actions|format).*");
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> ProcessPool.builder().options(bytes))
          .withMessageContaining("no encoded options");
    }
  }

  private static final class NoStore implements SharedStore {
    @Override
    public OutputStream open(String key) {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void drop(String key) {}
  }
}
