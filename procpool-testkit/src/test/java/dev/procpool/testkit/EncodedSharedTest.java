package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.SharedStore;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Values that calls of this JVM share in the workers of another one. */
@ExtendWith(NoLeftovers.class)
class EncodedSharedTest {

  private static final int DOUBLES = 1024 * 1024;

  @TempDir Path folder;
  private ServedJvm jvm;

  @BeforeEach
  void start() throws Exception {
    jvm = new ServedJvm(folder);
  }

  @AfterEach
  void end() throws Exception {
    jvm.close();
  }

  private <T, R> List<R> values(Task1<T, R> task, List<T> items) throws IOException {
    return jvm.run(task, items).stream().map(Outcome::valueOrThrow).toList();
  }

  private <R> Outcome<R> one(Task1<Integer, R> task) throws IOException {
    return jvm.run(task, List.of(0)).get(0);
  }

  private static Throwable error(Outcome<?> outcome) {
    return outcome.failure().orElseThrow();
  }

  /** Counts the copies that a worker has. */
  private static final class Counted implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final List<WeakReference<Counted>> READ = new ArrayList<>();
    final byte[] bytes = new byte[8 * DOUBLES];

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      synchronized (READ) {
        READ.add(new WeakReference<>(this));
      }
    }

    static int count() {
      System.gc();
      synchronized (READ) {
        READ.removeIf(copy -> copy.get() == null);
        return READ.size();
      }
    }
  }

  @Test
  void aValueCrossesOnceHoweverManyTasksItemsAndWorkersUseIt() throws Exception {
    double[] numbers = new double[DOUBLES]; // 8 MB
    numbers[DOUBLES - 1] = 17;
    Shared<DoubleBuffer> buffer = jvm.encoder.share(DoubleBuffer.wrap(numbers));
    Shared<double[]> array = jvm.encoder.share(numbers);
    Shared<Counted> object = jvm.encoder.share(new Counted());
    List<Integer> items = IntStream.range(0, 40).boxed().toList();

    List<Integer> workers =
        values(
            i -> {
              check(buffer.get().get(DOUBLES - 1) == 17);
              check(buffer.get().isDirect() && buffer.get().isReadOnly());
              check(array.get()[DOUBLES - 1] == 17);
              check(object.get().bytes.length == 8 * DOUBLES);
              Thread.sleep(20); // so that both workers have some
              return WorkerContext.current().workerNumber();
            },
            items);
    List<Integer> lengths =
        values((Shared<double[]> given) -> given.get().length, List.of(array, array, array));

    assertThat(workers).contains(0, 1);
    assertThat(lengths).containsOnly(DOUBLES);
    assertThat(jvm.crossed).isEqualTo(3);
    assertThat(jvm.files()).isEqualTo(3);
    assertThat(buffer.get().get(DOUBLES - 1)).isEqualTo(17);
  }

  private static void check(boolean isRight) {
    if (!isRight) {
      throw new IllegalStateException("not what was shared");
    }
  }

  @Test
  void aCallCarriesButTheKey() throws Exception {
    Shared<double[]> shared = jvm.encoder.share(new double[DOUBLES]);
    try (CallEncoder.Call<Shared<double[]>, Integer> call =
        jvm.encoder.encode(given -> given.get().length)) {
      assertThat(call.shared()).isEmpty();
      CallEncoder.Item item = call.item(0, shared, failed -> {});
      assertThat(item).isNotNull();
      assertThat(item.shared()).hasSize(1);
      assertThat(item.bytes()).hasSizeLessThan(2000);
      assertThat(call.item(1, null, failed -> {}).shared()).isEmpty();
    }
    try (CallEncoder.Call<Integer, Integer> call =
        jvm.encoder.encode(x -> x + shared.get().length)) {
      assertThat(call.shared()).hasSize(1);
      assertThat(call.task()).hasSizeLessThan(5000);
      assertThat(call.item(0, 1, failed -> {}).shared()).isEmpty();
    }
  }

  @Test
  void aValueThatIsPartOfAnotherIsThereAndStaysAsLongAsThat() throws Exception {
    Shared<String> inner = jvm.encoder.share("inner");
    Shared<List<Shared<String>>> middle = jvm.encoder.share(List.of(inner));
    Shared<List<Shared<List<Shared<String>>>>> outer = jvm.encoder.share(List.of(middle));
    inner.close();
    middle.close();
    assertThat(one(x -> outer.get().get(0).get().get(0).get()).valueOrThrow()).isEqualTo("inner");
    outer.close();
    assertThat(jvm.kept()).isZero();
  }

  @Test
  void aClosedValueIsDroppedHereThereAndInWorkers() throws Exception {
    Shared<Counted> shared = jvm.encoder.share(new Counted());
    values(
        i -> {
          Thread.sleep(20);
          return shared.get().bytes.length;
        },
        IntStream.range(0, 20).boxed().toList());
    assertThat(copies()).isEqualTo(1);

    shared.close();

    assertThat(jvm.kept()).isZero();
    jvm.tellDropped();
    Eventually.until("the copies are gone", () -> copies() == 0);
    assertThat(jvm.files()).isZero();
    assertThatIllegalStateException().isThrownBy(shared::get).withMessageContaining("closed");
    assertThat(error(one(x -> shared.get().bytes.length)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("shared value was closed");
    assertThat(error(jvm.run((Shared<Counted> given) -> 1, List.of(shared)).get(0)))
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("shared value was closed");
  }

  /** The most that one of the workers has. */
  private int copies() {
    try {
      return values(
              (Integer i) -> {
                Thread.sleep(5);
                return Counted.count();
              },
              IntStream.range(0, 20).boxed().toList())
          .stream()
          .max(Integer::compare)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCallHoldsWhatItHasSentUntilItIsClosed() throws Exception {
    Shared<String> captured = jvm.encoder.share("captured");
    Shared<String> given = jvm.encoder.share("given");
    try (CallEncoder.Call<Shared<String>, String> call =
        jvm.encoder.encode(item -> captured.get() + " " + item.get())) {
      assertThat(jvm.run(call, List.of(given)).get(0).valueOrThrow()).isEqualTo("captured given");
      captured.close();
      given.close();
      assertThat(jvm.kept()).isEqualTo(2);
    }
    assertThat(jvm.kept()).isZero();
  }

  @Test
  void aValueThatNobodyRefersToIsDropped() throws Exception {
    assertThat(values((Shared<String> s) -> s.get(), List.of(jvm.encoder.share("a"))))
        .containsExactly("a");
    Eventually.until(
        "it was dropped",
        () -> {
          System.gc();
          return jvm.kept() == 0;
        });
  }

  @Test
  void poolsThatTasksMakeSeeIt() throws Exception {
    Shared<String> shared = jvm.encoder.share("a");
    Task1<Integer, String> task =
        i -> {
          try (Pool inner = ProcessPool.create(1)) {
            return inner.apply(() -> shared.get() + i);
          }
        };
    assertThat(values(task, List.of(1))).containsExactly("a1");
  }

  @Test
  void theHandleThatATaskReturnsIsTheCallers() throws Exception {
    List<String> value = List.of("a");
    Shared<List<String>> shared = jvm.encoder.share(value);
    assertThat(one(x -> shared).valueOrThrow().get()).isSameAs(value);
  }

  @Test
  void whatCantBeSharedIsRefusedAtTheCall() throws Exception {
    assertThatExceptionOfType(TaskSerializationException.class)
        .isThrownBy(() -> jvm.encoder.share(new Thread()))
        .withMessageContaining(Thread.class.getName());
    assertThat(jvm.kept()).isZero();
    assertThat(jvm.encoder.share(ByteBuffer.allocate(3)).get().capacity()).isEqualTo(3);
    try (CallEncoder none = new CallEncoder()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> none.share(1))
          .withMessageContaining("SharedStore");
    }
  }

  @Test
  void anEncoderThatHasEndedSharesNothing() throws Exception {
    Shared<String> shared = jvm.encoder.share("a");
    jvm.encoder.close();
    assertThat(jvm.kept()).isZero();
    assertThat(shared.get()).isEqualTo("a");
    assertThatIllegalStateException()
        .isThrownBy(() -> jvm.encoder.share("b"))
        .withMessageContaining("closed");
    assertThat(jvm.kept()).isZero();
  }

  @Test
  void aStoreThatFailsIsToldToDropWhatItHas() throws Exception {
    List<String> dropped = new ArrayList<>();
    try (CallEncoder encoder =
        new CallEncoder(
            new SharedStore() {
              @Override
              public OutputStream open(String key) throws IOException {
                throw new IOException("no room for " + key);
              }

              @Override
              public void drop(String key) {
                dropped.add(key);
              }
            })) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> encoder.share(1))
          .withMessageContaining("no room");
      assertThat(dropped).hasSize(1);
    }
    assertThat(dropped).hasSize(1);
  }
}
