package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Args;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Section 9 of the contract: what is plainly data travels as it is, though its class is not {@code
 * Serializable}.
 */
public abstract class DataContract extends ContractTest {

  /** For subclasses. */
  protected DataContract() {}

  private enum Level {
    HIGH {
      @Override
      public String toString() {
        return "the higher one";
      }
    }
  }

  private record Point(int x, int y) {}

  private record Line<T>(T from, @Nullable T to, Level level, Optional<String> name) {}

  private record Link(Object next) {}

  private record Trimmed(String text) {
    Trimmed {
      text = text.trim();
    }
  }

  private static List<Object> values() {
    record Local(long[] numbers, List<Point> points) {
      @Override
      public boolean equals(Object other) {
        return other instanceof Local l
            && Arrays.equals(numbers, l.numbers)
            && points.equals(l.points);
      }

      @Override
      public int hashCode() {
        return points.hashCode();
      }
    }
    Map<String, Integer> map = new HashMap<>(Map.of("a", 1, "b", 2));
    return List.of(
        new Point(1, 2),
        new Line<>(new Point(1, 2), null, Level.HIGH, Optional.of("x")),
        new Local(new long[] {1}, List.of(new Point(3, 4))),
        new Trimmed(" a "),
        new ArrayList<>(List.of(new Point(1, 2), Args.of(1, new Point(3, 4)))),
        new HashSet<>(List.of(new Point(1, 2), new Point(3, 4))),
        new HashMap<>(Map.of(new Point(1, 2), new Link(new CopyOnWriteArrayList<>(List.of(1))))),
        Optional.of(new Point(1, 2)),
        Optional.empty(),
        OptionalInt.of(1),
        OptionalLong.empty(),
        OptionalDouble.of(0.5),
        Path.of("a", "b"),
        Map.entry("a", new Point(1, 2)),
        map.entrySet().iterator().next(),
        new LinkedHashMap<>(map).keySet(),
        new TreeMap<>(map).entrySet(),
        new ArrayList<>(List.of(1, 2, 3)).subList(1, 3),
        Stream.of(new Point(1, 2)).toList(),
        Collections.nCopies(3, new Point(1, 2)));
  }

  @Test
  void dataIsArgumentAndResult() throws Exception {
    assertThat(pool(2).<Object, Object>map(x -> x, values())).isEqualTo(values());
  }

  @Test
  void dataIsCaptured() throws Exception {
    Pool pool = pool(1);
    for (Object value : values()) {
      assertThat(pool.<Boolean>apply(() -> values().contains(value))).as("%s", value).isTrue();
    }
  }

  @Test
  void dataIsShared() throws Exception {
    Pool pool = pool(2);
    List<Object> values = values();
    Shared<List<Object>> shared = pool.share(values);
    List<Integer> indexes = IntStream.range(0, values.size()).boxed().toList();
    assertThat(pool.<Integer, Object>map(i -> shared.get().get(i), indexes)).isEqualTo(values);
  }

  @Test
  void dataIsInTheFieldsOfOtherObjectsAndOfExceptions() throws Exception {
    Pool pool = pool(1);
    Holder holder = new Holder(values());
    assertThat(pool.<Holder, Object>apply(h -> h.part, holder)).isEqualTo(values());
    assertThat(pool.<Object, Holder>apply(part -> new Holder(part), values()).part)
        .isEqualTo(values());
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(DataContract::fail, new Point(1, 2)))
        .havingCause()
        .isExactlyInstanceOf(WithPoint.class)
        .satisfies(e -> assertThat(((WithPoint) e).point).isEqualTo(new Point(1, 2)));
  }

  @Test
  void theValuesOfAMapComeAsTheyAreShown() throws Exception {
    Collection<Integer> values = new TreeMap<>(Map.of("a", 2, "b", 1)).values();
    assertThat(pool(1).<Collection<Integer>, Object>apply(x -> x, values)).hasToString("[2, 1]");
  }

  @Test
  void aBillionCopiesAreSentAsTheyAre() throws Exception {
    List<Point> copies = Collections.nCopies(1_000_000_000, new Point(1, 2));
    List<Point> back = pool(1).<List<Point>, List<Point>>apply(x -> x, copies);
    assertThat(back.size()).isEqualTo(1_000_000_000);
    assertThat(back.get(999_999_999)).isEqualTo(new Point(1, 2));
  }

  @Test
  void whatIsReferencedTwiceArrivesAsOne() throws Exception {
    Point point = new Point(1, 2);
    assertThat(
            pool(1)
                .<List<Object>, Boolean>apply(
                    x -> x.get(0) == x.get(1) && ((Link) x.get(2)).next() == x.get(0),
                    List.of(point, point, new Link(point))))
        .isTrue();
  }

  @Test
  void cyclesThroughMutableContainersStay() throws Exception {
    List<Object> list = new ArrayList<>();
    list.add(new Link(list));
    assertThat(pool(1).<List<Object>, Boolean>apply(x -> ((Link) x.get(0)).next() == x, list))
        .isTrue();
  }

  @Test
  void aRecordThatCannotBeRebuiltFailsItsItemAndSaysSo() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    List<Object> list = new ArrayList<>();
    Link cyclic = new Link(list);
    list.add(cyclic);
    List<Object> items = List.of(new Link(1), cyclic, new Link(2));
    List<Outcome<Object>> outcomes = pool(1).<Object, Object>mapAsync(x -> x, items).outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("record " + Link.class.getName() + " is part of a cycle");
  }

  @Test
  void aConstructorThatThrowsFailsItsItem() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    List<Outcome<Object>> outcomes =
        pool(1)
            .<Integer, Object>mapAsync(x -> new Fragile(new Boolean[] {x == 1}), List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("the constructor of record " + Fragile.class.getName())
        .hasMessageContaining("IllegalArgumentException: not twice")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  private static Object fail(Point point) {
    throw new WithPoint(point);
  }

  private static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Object part;

    Holder(Object part) {
      this.part = part;
    }
  }

  private static final class WithPoint extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Point point;

    WithPoint(Point point) {
      this.point = point;
    }
  }

  /** Its constructor leaves a mark in what it is given, and takes nothing that has one. */
  private record Fragile(Boolean[] marks) {
    Fragile {
      if (marks[0] == null) {
        throw new IllegalArgumentException("not twice");
      }
      if (marks[0]) {
        marks[0] = null;
      }
    }
  }
}
