package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is plainly data travels though its class is not Serializable. */
class DataFormTest {

  enum Level {
    LOW {
      @Override
      int rank() {
        return 1;
      }
    },
    HIGH {
      @Override
      int rank() {
        return 2;
      }
    };

    abstract int rank();
  }

  record Point(int x, int y) {}

  record Primitives(
      boolean a, byte b, short c, char d, int e, long f, float g, double h, Boolean i, Byte j) {}

  private record Hidden<T>(T value, Level level) {}

  record Empty() {}

  record Arrays2(int[] numbers, String[] names, Point[] points) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Arrays2 a
          && Arrays.equals(numbers, a.numbers)
          && Arrays.equals(names, a.names)
          && Arrays.equals(points, a.points);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  record Lowered(String text) {
    Lowered {
      text = text.toLowerCase(java.util.Locale.ROOT);
    }
  }

  record Positive(int number) {
    static boolean strict;

    Positive {
      if (strict && number == 13) {
        throw new IllegalArgumentException("13 is not allowed");
      }
    }
  }

  record Overridden(String text) {
    @Override
    public String text() {
      throw new IllegalStateException("the accessor is not to be asked");
    }
  }

  interface Supply extends Supplier<Integer>, Serializable {}

  record WithLambda(Supply supply) {}

  record Link(Object next) {}

  record SerializableLink(List<Object> all) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Serializable, with parts that are not; not one of the classes with a compact form. */
  static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
    Point point = new Point(1, 2);
    Optional<Path> path = Optional.of(Path.of("a", "b"));
    Collection<String> keys = new HashMap<>(Map.of("k", 1)).keySet();
    Object other;
  }

  private static Stream<Object> values() {
    record Local(String a, Point b) {}
    Map<String, Integer> hashed = new HashMap<>(Map.of("a", 1, "b", 2, "c", 3));
    return Stream.of(
        new Point(1, -2),
        new Primitives(
            true, (byte) -1, (short) 2, 'c', 4, 5L, -0f, Double.MIN_VALUE, null, (byte) 9),
        new Hidden<>(List.of(new Hidden<>("x", null)), Level.HIGH),
        new Empty(),
        new Local("a", null),
        new Arrays2(
            new int[] {1, 2}, new String[] {"a", null}, new Point[] {new Point(1, 2), null}),
        new Lowered("ABC"),
        List.of(new Point(1, 2), Optional.of("x")),
        new ArrayList<>(Arrays.asList(new Point(1, 2), null, "x", new BigDecimal("1.5"))),
        new HashSet<>(List.of(new Point(1, 2), new Point(3, 4))),
        new HashMap<>(Map.of(new Point(1, 2), Optional.of(new Point(3, 4)))),
        Map.of(new Point(1, 2), Path.of("/tmp/x")),
        Optional.empty(),
        Optional.of(Optional.of(1)),
        OptionalInt.of(-1),
        OptionalInt.empty(),
        OptionalLong.of(Long.MIN_VALUE),
        OptionalLong.empty(),
        OptionalDouble.of(Double.NaN),
        OptionalDouble.empty(),
        Path.of(""),
        Path.of("/a/b\u00e4/../c"),
        Map.entry("a", new Point(1, 2)),
        hashed.entrySet().iterator().next(),
        new TreeMap<>(hashed).firstEntry(),
        new EnumMap<>(Map.of(Level.LOW, 1)).entrySet().iterator().next(),
        new IdentityHashMap<>(Map.of("a", 1)).entrySet().iterator().next(),
        hashed.keySet(),
        hashed.entrySet(),
        new TreeMap<>(hashed).keySet(),
        new TreeMap<>(hashed).entrySet(),
        new TreeMap<>(hashed).descendingKeySet(),
        new LinkedHashMap<>(hashed).keySet(),
        Map.of("a", 1).entrySet(),
        Map.of("a", 1, "b", 2).keySet(),
        new EnumMap<>(Map.of(Level.LOW, 1)).keySet(),
        new java.util.concurrent.ConcurrentHashMap<>(hashed).entrySet(),
        new java.util.concurrent.ConcurrentHashMap<>(hashed).keySet(),
        new java.util.concurrent.ConcurrentSkipListMap<>(hashed).keySet(),
        Collections.unmodifiableMap(hashed).entrySet(),
        Collections.unmodifiableSet(hashed.keySet()),
        Collections.synchronizedMap(hashed).keySet(),
        new ArrayList<>(List.of(1, 2, 3)).subList(1, 3),
        List.of(1, 2, 3).subList(0, 2),
        Arrays.asList(1, 2, 3).subList(0, 2),
        Collections.nCopies(3, new Point(1, 2)),
        Collections.nCopies(0, "x"),
        Stream.of(1, 2).toList(),
        Stream.of(new Point(1, 2)).toList(),
        Stream.of(new Point(1, 2)).collect(Collectors.toList()),
        IntStream.range(0, 4).boxed().collect(Collectors.partitioningBy(i -> i > 1)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void comesBackEqual(Object value) throws CodecException {
    Object copy = Codecs.copy(value);
    assertThat(copy).isEqualTo(value);
    if (value instanceof Record) {
      assertThat(copy.getClass()).isEqualTo(value.getClass());
    }
    Holder holder = new Holder();
    holder.other = value; // a graph that Java serialization begins
    Holder read = (Holder) Codecs.copy(holder);
    assertThat(read.other).isEqualTo(value);
    assertThat(read.point).isEqualTo(holder.point);
    assertThat(read.path).isEqualTo(holder.path);
    assertThat(read.keys).isEqualTo(holder.keys);
  }

  @Test
  void valuesOfAMapComeAsAListInTheirOrder() throws CodecException {
    Collection<Integer> values = new TreeMap<>(Map.of("a", 3, "b", 1, "c", 2)).values();
    assertThat(Codecs.copy(values)).isEqualTo(List.of(3, 1, 2));
  }

  @Test
  void aSortedViewKeepsItsOrder() throws CodecException {
    TreeMap<String, Integer> map = new TreeMap<>(Collections.reverseOrder());
    map.putAll(Map.of("a", 1, "b", 2));
    assertThat(Codecs.copy(map.keySet())).isInstanceOf(TreeSet.class);
    assertThat((Collection<?>) Codecs.copy(map.keySet())).hasToString("[b, a]");
    TreeMap<String, Integer> lambda = new TreeMap<>((a, b) -> a.compareTo(b));
    lambda.put("a", 1);
    assertThatThrownBy(() -> Codecs.encode(lambda.keySet())).hasMessageContaining("lambda");
  }

  @Test
  void viewsOfIdentitiesAreRefused() {
    assertThatThrownBy(() -> Codecs.encode(new IdentityHashMap<>(Map.of("a", 1)).keySet()))
        .hasMessageContaining("view");
  }

  @Test
  void aBillionCopiesTakeNoMemory() throws CodecException {
    List<Point> copies = Collections.nCopies(1_000_000_000, new Point(1, 2));
    byte[] bytes = Codecs.encode(Map.of("k", copies));
    assertThat(bytes.length).isLessThan(1_000);
    List<?> copy = (List<?>) ((Map<?, ?>) Codecs.decode(bytes)).get("k");
    assertThat(copy.size()).isEqualTo(1_000_000_000);
    assertThat(copy.get(999_999_999)).isEqualTo(new Point(1, 2));
  }

  @Test
  void aLambdaIsAComponent() throws CodecException {
    int seven = 7;
    WithLambda copy = (WithLambda) Codecs.copy(new WithLambda(() -> seven));
    assertThat(copy.supply().get()).isEqualTo(7);
  }

  @Test
  void theFieldCountsAndNotTheAccessor() throws Exception {
    Object copy = Codecs.copy(new Overridden("x"));
    var field = Overridden.class.getDeclaredField("text");
    field.setAccessible(true);
    assertThat(field.get(copy)).isEqualTo("x");
  }

  @Test
  void aConstructorThatThrowsFailsTheValueWithItsWords() throws CodecException {
    for (Object value : List.of(new Positive(13), new Holder13())) {
      byte[] bytes = Codecs.encode(value);
      Positive.strict = true;
      try {
        assertThatThrownBy(() -> Codecs.decode(bytes))
            .isInstanceOf(CodecException.class)
            .hasMessage(
                "the constructor of record "
                    + Positive.class.getName()
                    + ", by which it is rebuilt, threw java.lang.IllegalArgumentException: 13 is not"
                    + " allowed")
            .hasCauseExactlyInstanceOf(IllegalArgumentException.class);
      } finally {
        Positive.strict = false;
      }
    }
  }

  @SuppressWarnings("serial")
  static final class Holder13 implements Serializable {
    private static final long serialVersionUID = 1L;
    final Object part = new Positive(13);
  }

  @Test
  void oneRecordReferencedTwiceArrivesAsOne() throws CodecException {
    Point point = new Point(1, 2);
    int[] array = {1};
    for (Collection<Object> all : List.of(new ArrayList<>(), new java.util.LinkedList<>())) {
      all.addAll(List.of(point, array, Optional.of(array), point, new Link(array)));
      List<?> copy = (List<?>) Codecs.copy(all);
      assertThat(copy.get(3)).isSameAs(copy.get(0));
      assertThat(((Link) copy.get(4)).next()).isSameAs(copy.get(1));
      assertThat(((Optional<?>) copy.get(2)).orElseThrow()).isSameAs(copy.get(1));
    }
  }

  @Test
  void cyclesThroughMutableContainersStay() throws CodecException {
    for (List<Object> list : List.of(new ArrayList<>(), new java.util.LinkedList<>())) {
      list.add(new Link(list));
      list.add(Optional.of(list));
      List<?> copy = (List<?>) Codecs.copy(list);
      assertThat(((Link) copy.get(0)).next()).isSameAs(copy);
      assertThat(((Optional<?>) copy.get(1)).orElseThrow() == copy).isTrue();
    }
  }

  @Test
  void aRecordThatCannotBeRebuiltAsItIsPartOfACycleSaysSo() {
    for (List<Object> list : List.of(new ArrayList<>(), new java.util.LinkedList<>())) {
      Link link = new Link(list);
      list.add(1);
      list.add(link);
      for (Object root : new Object[] {link, Optional.of(link), new Object[] {link}}) {
        assertThatThrownBy(() -> Codecs.copy(root))
            .isInstanceOf(CodecException.class)
            .hasMessageContaining("record " + Link.class.getName() + " is part of a cycle");
      }
    }
  }

  @Test
  void aSerializableRecordThatIsPartOfItselfIsNotRebuiltWithNull() {
    SerializableLink link = new SerializableLink(new ArrayList<>());
    link.all.add(link);
    for (Object root : List.of(link, List.of(link), new ArrayList<>(List.of(1, link)))) {
      assertThatThrownBy(() -> Codecs.encode(root))
          .isInstanceOf(CodecException.class)
          .hasMessageStartingWith(
              "record " + SerializableLink.class.getName() + " is part of a cycle");
    }
  }

  @Test
  void anObjectOfManyListsIsTheSameInEach() throws CodecException {
    Point shared = new Point(1, 2);
    List<Object> lists = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      lists.add(new ArrayList<>(List.of(new Point(i, i), shared)));
    }
    lists.add(shared);
    List<?> copy = (List<?>) Codecs.copy(lists);
    assertThat(copy).isEqualTo(lists);
    assertThat(copy.subList(0, 5000)).allMatch(list -> ((List<?>) list).get(1) == copy.get(5000));
  }

  @Test
  void whatIsRefusedInsideHasItsPath() {
    Object culprit = new Object();
    Object part = new Link(Optional.of(new ArrayList<>(List.of(Map.entry("a", culprit)))));
    assertThatThrownBy(() -> Codecs.encode(List.of(1, part)))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("java.lang.Object at [1].next.get()[0].getValue()");
  }

  @Test
  void theFilterSeesEachClassAndNoneOfOurs() throws CodecException {
    Holder holder = new Holder();
    holder.other =
        new ArrayList<>(List.of(new Link(new Point(1, 2)), Map.entry("a", OptionalInt.of(1))));
    for (Object value : List.of(holder, holder.other)) {
      byte[] bytes = Codecs.encode(value);
      Set<String> seen = new LinkedHashSet<>();
      ObjectInputFilter filter =
          info -> {
            if (info.serialClass() != null) {
              seen.add(info.serialClass().getName());
            }
            return ObjectInputFilter.Status.UNDECIDED;
          };
      new Codec(filter, 1 << 20).decode(bytes, 0, bytes.length, getClass().getClassLoader());
      assertThat(seen)
          .contains(
              Link.class.getName(),
              Point.class.getName(),
              OptionalInt.class.getName(),
              AbstractMap.SimpleImmutableEntry.class.getName())
          .noneMatch(name -> name.startsWith("dev.procpool.codec.StandIn"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.procpool.codec.DataFormTest$Point",
        "java.util.Optional",
        "java.nio.file.Path"
      })
  void aFilterThatRejectsAClassRejectsItHere(String name) throws CodecException {
    Codec strict = new Codec(ObjectInputFilter.Config.createFilter("!" + name), 1 << 20);
    byte[] bytes = Codecs.encode(new ArrayList<>(List.of(new Link(new Holder()))));
    assertThatThrownBy(() -> strict.decode(bytes, 0, bytes.length, getClass().getClassLoader()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("REJECTED")
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"maxdepth=20", "maxrefs=100", "maxarray=100", "maxbytes=200"})
  void theFiltersLimitsHold(String limit) throws CodecException {
    Codec strict = new Codec(ObjectInputFilter.Config.createFilter(limit), 1 << 20);
    Object deep = new Point(1, 2);
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      deep = new Link(deep);
    }
    for (int i = 0; i < 101; i++) {
      many.add(new Point(i, i));
    }
    Object value =
        limit.startsWith("maxdepth")
            ? deep
            : limit.startsWith("maxarray") ? new Link(Collections.nCopies(101, 1)) : many;
    for (Object each : List.of(value, new java.util.LinkedList<>(List.of(value)))) {
      byte[] bytes = Codecs.encode(each);
      assertThatThrownBy(() -> strict.decode(bytes, 0, bytes.length, getClass().getClassLoader()))
          .as("%s", each.getClass())
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("REJECTED");
    }
  }

  @Test
  void aRecordCountsAsOneObjectOfItsDepth() throws CodecException {
    record Leaf(int x) {}
    Codec strict =
        new Codec(ObjectInputFilter.Config.createFilter("maxdepth=1;maxrefs=1"), 1 << 20);
    byte[] bytes = Codecs.encode(new Leaf(1));
    assertThat(strict.decode(bytes, 0, bytes.length, getClass().getClassLoader()))
        .isEqualTo(new Leaf(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  void damagedBytesGiveAValueOrACodecException(long seed) throws CodecException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Object> values = values().toList();
    for (int i = 0; i < 3_000; i++) {
      Object value = values.get(random.nextInt(values.size()));
      byte[] bytes =
          Codecs.encode(random.nextBoolean() ? value : new ArrayList<>(List.of(value, value)));
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ (1 << random.nextInt(8)));
      }
      try {
        Codecs.decode(bytes);
      } catch (CodecException expected) {
        // the one way to fail
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", bytes " + Arrays.toString(bytes), e);
      }
    }
  }

  @Test
  void cutBytesGiveACodecException() throws CodecException {
    for (Object value : values().toList()) {
      byte[] bytes = Codecs.encode(value);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> Codecs.decode(cut)).isInstanceOf(CodecException.class);
      }
    }
  }

  private static int tag(Object value) throws CodecException {
    return Codecs.encode(value)[0] & 0x7f;
  }

  @Test
  void recordsAndListsOfThemAreCompactWhereNothingIsLost() throws CodecException {
    record Mixed(Object part) {}
    record Replaced(int x) implements Serializable {
      private Object writeReplace() {
        return "another";
      }
    }
    assertThat(tag(new Point(1, 2))).isEqualTo(Tag.RECORDS);
    assertThat(tag(List.of(1, new Hidden<>("x", Level.HIGH)))).isEqualTo(Tag.RECORDS);
    assertThat(tag(new Mixed(List.of(1)))).isEqualTo(Tag.RECORDS);
    assertThat(tag(new Mixed(new BigDecimal(1)))).isEqualTo(Tag.SERIALIZED);
    assertThat(tag(new Mixed(1))).as("not tried again").isEqualTo(Tag.SERIALIZED);
    assertThat(tag(new Replaced(1))).isEqualTo(Tag.SERIALIZED);
    assertThat(Codecs.copy(new Replaced(1))).isEqualTo("another");
  }

  @Test
  void aLongTextInManyRecordsIsSentOnce() throws CodecException {
    String text = "x".repeat(100_000);
    List<Hidden<String>> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(new Hidden<>(text, Level.LOW));
    }
    byte[] bytes = Codecs.encode(records);
    assertThat(bytes.length).isLessThan(102_000);
    List<?> copy = (List<?>) Codecs.decode(bytes);
    assertThat(copy).isEqualTo(records);
    assertThat(((Hidden<?>) copy.get(99)).value()).isSameAs(((Hidden<?>) copy.get(0)).value());
  }

  @Test
  void aLongChainOfRecordsTravels() throws CodecException {
    Object chain = new Link(null);
    for (int i = 0; i < 900; i++) {
      chain = new Link(chain);
    }
    Object copy = Codecs.copy(chain);
    int depth = 0;
    for (Object link = copy; link != null; link = ((Link) link).next()) {
      depth++;
    }
    assertThat(depth).isEqualTo(901);
  }

  @Test
  void aComparatorGoesAlong() throws CodecException {
    TreeMap<Point, Integer> map =
        new TreeMap<>((Comparator<Point> & Serializable) (a, b) -> Integer.compare(b.x, a.x));
    map.put(new Point(1, 1), 1);
    map.put(new Point(2, 2), 2);
    assertThat((Collection<?>) Codecs.copy(map.keySet()))
        .hasToString("[Point[x=2, y=2], Point[x=1, y=1]]");
  }
}
