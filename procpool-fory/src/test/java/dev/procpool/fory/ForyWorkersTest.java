package dev.procpool.fory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Objects that cross to workers and back in Fory's form. */
class ForyWorkersTest {

  record Line(String text, List<Integer> lengths) implements Serializable {}

  /** Data that is not serializable, and that Java serialization alone would refuse. */
  record Plain(int number, Optional<String> name, Path at, Object part) {}

  /** Of no use to Java serialization: what crosses has crossed by Fory. */
  static final class OnlyFory {
    final int number;

    OnlyFory(int number) {
      this.number = number;
    }
  }

  /** Java serialization takes it, Fory does not. */
  static final class OnlyJava implements Serializable {
    private static final long serialVersionUID = 1L;
    final int number;
    private final transient Thread thread = new Thread("a thread");

    OnlyJava(int number) {
      this.number = number;
    }

    private Object writeReplace() {
      return thread == null ? this : new OnlyJavaForm(number);
    }
  }

  record OnlyJavaForm(int number) implements Serializable {
    private Object readResolve() {
      return new OnlyJava(number);
    }
  }

  static final class Neither implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ByteArrayInputStream in = new ByteArrayInputStream(new byte[1]);

    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new NotSerializableException("neither, with " + in.available());
    }
  }

  @Test
  void argumentsAndResultsCrossAndWhatForyRefusesGoesAsEver() throws Exception {
    List<WorkerOutput.Line> printed = Collections.synchronizedList(new ArrayList<>());
    try (Pool pool =
        ProcessPool.builder()
            .workers(1)
            .objectCodec(new ForyCodec())
            .output(printed::add)
            .build()) {
      List<Line> lines =
          IntStream.range(0, 500).mapToObj(i -> new Line("line " + i, List.of(i))).toList();
      assertThat(pool.map(line -> line, lines)).isEqualTo(lines);
      OnlyFory made = pool.apply(only -> new OnlyFory(only.number + 1), new OnlyFory(1));
      assertThat(made.number).isEqualTo(2);
      assertThat(pool.map(only -> only, List.of(new OnlyJava(3), new OnlyJava(4))))
          .extracting(only -> only.number)
          .containsExactly(3, 4);
      assertThatThrownBy(() -> pool.apply(neither -> 1, new Neither()))
          .cause()
          .isInstanceOf(TaskSerializationException.class);
      assertThat(pool.map(line -> line, lines)).isEqualTo(lines);
    }
    assertThat(printed).isEmpty();
  }

  /** Some goes by Fory, some as ever. */
  @Test
  void dataTravelsAsItIs() throws Exception {
    Map<String, Object> map =
        new TreeMap<>(Map.of("a", new Plain(1, Optional.empty(), Path.of("b"), 2)));
    List<Object> values =
        new ArrayList<>(
            List.of(
                new Plain(1, Optional.of("c"), Path.of("d"), List.of(3)),
                new Plain(2, Optional.empty(), Path.of("d"), Map.entry("e", 4)),
                List.of(new Plain(3, Optional.of("f"), Path.of("d"), OptionalInt.of(5))),
                Optional.of(new Line("g", List.of(1))),
                OptionalInt.of(6),
                OptionalLong.of(7),
                OptionalDouble.of(8.5),
                Path.of("h", "i"),
                Map.entry("j", new Line("k", List.of())),
                map,
                map.keySet(),
                map.entrySet(),
                new ArrayList<>(map.values()),
                List.of(1, 2, 3, 4).subList(1, 3),
                Collections.nCopies(3, new Line("l", List.of(9)))));
    try (Pool pool = ProcessPool.builder().workers(1).objectCodec(new ForyCodec()).build()) {
      for (Object value : values) {
        assertThat(pool.<Object, Object>apply(x -> x, value)).as("%s", value).isEqualTo(value);
      }
      assertThat(pool.<Object, Object>apply(x -> x, values)).isEqualTo(values);
      assertThat(pool.<Map<String, Object>, Object>apply(Map::values, map))
          .isInstanceOf(Collection.class);
      Plain captured = new Plain(1, Optional.of("m"), Path.of("n"), Map.entry("o", 1));
      assertThat(pool.<Integer, Object>apply(x -> captured, 1)).isEqualTo(captured);
    }
  }
}
