package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
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
    Shared<String> nothing = pool.share(null);
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
  void aValueThatCannotBeSerializedIsRefusedAtTheCall() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    assertThatExceptionOfType(TaskSerializationException.class)
        .isThrownBy(() -> pool.share(new Thread()))
        .withMessageContaining(Thread.class.getName());
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
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
