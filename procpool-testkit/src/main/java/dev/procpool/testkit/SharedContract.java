package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: {@link Pool#share}. */
public abstract class SharedContract extends ContractTest {

  /** For subclasses. */
  protected SharedContract() {}

  @Test
  void tasksSeeASharedValueTheyCaptureOrAreGiven() throws Exception {
    Pool pool = pool(2);
    Shared<List<String>> names = pool.share(List.of("a", "b", "c"));
    assertThat(pool.<Integer, String>map(i -> names.get().get(i), List.of(2, 0)))
        .containsExactly("c", "a");
    assertThat(pool.<Shared<List<String>>, Integer>apply(shared -> shared.get().size(), names))
        .isEqualTo(3);
  }

  @Test
  void theParentHasTheValueItself() {
    List<String> names = List.of("a", "b", "c");
    assertThat(pool(1).share(names).get()).isSameAs(names);
  }

  @Test
  void nullCanBeShared() throws Exception {
    Pool pool = pool(1);
    Shared<String> nothing = pool.share(nothing());
    assertThat(nothing.get()).isNull();
    assertThat(pool.apply(() -> nothing.get() == null)).isTrue();
  }

  @Test
  void severalValuesAreKeptApart() throws Exception {
    Pool pool = pool(2);
    Shared<String> first = pool.share("first");
    Shared<String> second = pool.share("second");
    assertThat(pool.apply(() -> first.get() + " " + second.get())).isEqualTo("first second");
  }

  @Test
  void theValueCrossesOnceAWorkerHoweverManyTasksUseIt() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(2);
    FileLog readings = log("readings");
    Shared<CountsReadings> shared = pool.share(new CountsReadings(readings));
    pool.forEach(x -> shared.get().use(), IntStream.range(0, 200).boxed().toList());
    pool.forEach(x -> shared.get().use(), IntStream.range(0, 200).boxed().toList());
    assertThat(readings.size()).isBetween(1, 2);
  }

  @Test
  void arraysOfNumbersOfEveryTypeArriveAsTheyWere() throws Exception {
    Pool pool = pool(1);
    List<Object> arrays =
        List.of(
            new byte[] {1, -2},
            new char[] {'a', 'é'},
            new short[] {3, -4},
            new int[] {5, -6},
            new long[] {7, Long.MIN_VALUE},
            new float[] {0.5f},
            new double[] {-0.0, Double.NaN},
            new int[0],
            IntStream.range(0, 1_000_000).toArray());
    for (Object array : arrays) {
      Shared<Object> shared = pool.share(array);
      Object came = pool.apply(() -> shared.get());
      assertThat(came).isEqualTo(array);
    }
  }

  @Test
  void everyTaskSeesAllOfASharedBuffer() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(2);
    double[] numbers = IntStream.range(0, 300_000).asDoubleStream().toArray();
    Shared<DoubleBuffer> shared = pool.share(DoubleBuffer.wrap(numbers, 100_000, 200_000));
    List<Double> sums = pool.map(x -> sum(shared.get()), List.of(1, 2, 3, 4));
    assertThat(sums).containsOnly(sum(DoubleBuffer.wrap(numbers, 100_000, 200_000)));
    assertThat(shared.get().remaining()).isEqualTo(200_000);
    assertThat(pool.apply(() -> shared.get().isReadOnly() && shared.get().isDirect())).isTrue();

    Shared<ByteBuffer> bytes =
        pool.share(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 7));
    assertThat(pool.apply(() -> bytes.get().getLong())).isEqualTo(7);
  }

  private static double sum(DoubleBuffer numbers) {
    double sum = 0;
    while (numbers.hasRemaining()) {
      sum += numbers.get();
    }
    return sum;
  }

  @Test
  void aValueThatCannotBeSerializedIsRefusedAtTheCall() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    assertThatExceptionOfType(TaskSerializationException.class)
        .isThrownBy(() -> pool.share(new Thread()))
        .withMessageContaining(Thread.class.getName());
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aClosedValueIsNotToBeHadAnyMore() throws Exception {
    Pool pool = pool(1);
    Shared<String> shared = pool.share("value");
    assertThat(pool.apply(() -> shared.get())).isEqualTo("value");
    shared.close();
    shared.close();
    assertThatIllegalStateException().isThrownBy(shared::get).withMessageContaining("closed");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> shared.get()))
        .withMessageContaining("shared value")
        .withMessageContaining("closed");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.<Shared<String>, String>apply(s -> s.get(), shared))
        .withMessageContaining("shared value")
        .withMessageContaining("closed");
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void callsThatWereGivenAValueBeforeItIsClosedSeeItToTheirEnd() throws Exception {
    Pool pool = pool(1);
    FileLatch begun = latch("begun");
    FileLatch closed = latch("closed");
    MapResult<Integer> captured;
    AsyncResult<Integer> given;
    try (Shared<List<Integer>> shared = pool.share(List.of(1, 2, 3))) {
      captured =
          pool.mapAsync(
              i -> {
                begun.countDown();
                closed.await();
                return shared.get().get(i); // the worker's first look at it
              },
              List.of(0, 1, 2));
      given = pool.applyAsync(s -> s.get().size(), shared);
      begun.await();
    }
    closed.countDown();
    assertThat(captured.get()).containsExactly(1, 2, 3);
    assertThat(given.get()).isEqualTo(3);
  }

  @Test
  void aValueThatOnlyACallKnowsStaysUntilThatHasEnded() throws Exception {
    Pool pool = pool(1);
    FileLatch collected = latch("collected");
    AsyncResult<Integer> result =
        pool.applyAsync(
            s -> {
              collected.await();
              return s.get().size();
            },
            pool.share(List.of(1, 2, 3)));
    collectGarbage(pool.share("dropped"));
    collected.countDown();
    assertThat(result.get()).isEqualTo(3);
  }

  /** Returns when the garbage collector has found, and the cleaner has seen, what nobody needs. */
  private static void collectGarbage(Object dropped) throws InterruptedException {
    WeakReference<Object> reference = new WeakReference<>(new Object());
    assertThat(dropped).isNotNull();
    Eventually.until(
        "garbage is collected",
        () -> {
          System.gc();
          return reference.get() == null;
        });
    System.gc();
  }

  @Test
  void theHandleThatATaskReturnsIsTheCallers() throws Exception {
    Pool pool = pool(1);
    List<String> value = List.of("a");
    Shared<List<String>> shared = pool.share(value);
    assertThat(pool.apply(() -> shared).get()).isSameAs(value);
    List<Shared<List<String>>> returned = pool.map(s -> s, List.of(pool.share(value)));
    assertThat(returned.get(0).get()).isSameAs(value);
    assertThat(pool.<Shared<List<String>>, Integer>apply(s -> s.get().size(), returned.get(0)))
        .isEqualTo(1);
  }

  @Test
  void aValueThatIsPartOfAnotherStaysAsLongAsThat() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    Shared<String> inner = pool.share("inner");
    Shared<List<Shared<String>>> outer = pool.share(List.of(inner));
    inner.close();
    assertThat(pool.apply(() -> outer.get().get(0).get())).isEqualTo("inner");
  }

  @Test
  void aTaskClosesNothingThatIsNotItsOwn() throws Exception {
    assumeTrue(backend().isolatesProcesses(), "in one process the caller's handle is the task's");
    Pool pool = pool(1);
    Shared<String> shared = pool.share("value");
    pool.apply(
        () -> {
          shared.close();
          return 0;
        });
    assertThat(pool.apply(() -> shared.get())).isEqualTo("value");
    assertThat(shared.get()).isEqualTo("value");
  }

  @Test
  void anInterruptedThreadMayShareAndAnInterruptedTaskMayLook() throws Exception {
    Pool pool = pool(1);
    for (Object value : List.of(List.of(1), new int[] {1}, ByteBuffer.wrap(new byte[] {1}))) {
      Thread.currentThread().interrupt();
      Shared<Object> shared;
      try {
        shared = pool.share(value);
      } finally {
        assertThat(Thread.interrupted()).as("the interrupt stands").isTrue();
      }
      assertThat(
              pool.apply(
                  () -> {
                    Thread.currentThread().interrupt();
                    boolean there = shared.get() != null;
                    return there && Thread.interrupted();
                  }))
          .isTrue();
    }
  }

  @Test
  void aPoolThatHasEndedSharesNothing() throws Exception {
    Pool pool = pool(1);
    pool.shutdown();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.share(1))
        .withMessageContaining("shut");
    pool.terminate();
    assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.share(1));
  }

  /** Leaves a line each time it is read back from bytes. */
  private static final class CountsReadings implements Serializable {
    private static final long serialVersionUID = 1L;
    private final FileLog readings;

    CountsReadings(FileLog readings) {
      this.readings = readings;
    }

    void use() {}

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      readings.add("read in " + ProcessHandle.current().pid());
    }
  }
}
