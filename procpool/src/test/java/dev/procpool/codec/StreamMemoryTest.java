package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What memory a stream makes a reader take that does not trust it: a share of what came. */
class StreamMemoryTest {

  /** Per byte, with what is dropped again while it is read. */
  private static final long MOST_PER_BYTE = 64;

  /** For a stream of any length: tables of classes, buffers, the exception and its message. */
  private static final long ALWAYS_BYTES = 1024 * 1024;

  private static final int ROUNDS = 300;

  private static final Codec UNTRUSTING = new Codec(null, Integer.MAX_VALUE - 1024);

  private static byte[] stream(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] message(byte[] stream) {
    return ByteBuffer.allocate(1 + Integer.BYTES + stream.length)
        .put((byte) (Tag.NOT_PLAIN | Tag.SERIALIZED))
        .putInt(stream.length)
        .put(stream)
        .array();
  }

  /** What decoding has this thread allocate, whether or not it fails. */
  private static long allocated(byte[] message) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      UNTRUSTING.decode(message, 0, message.length, StreamMemoryTest.class.getClassLoader());
    } catch (CodecException | RuntimeException | StackOverflowError e) {
      // as it may
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /**
   * Values whose classes make room for a number that they read, and others; none that takes a lock
   * that it has read, which the stream may say is held.
   */
  static Stream<Object> values() {
    List<Integer> ten = IntStream.range(0, 10).boxed().toList();
    Map<Integer, Integer> map = ten.stream().collect(Collectors.toMap(x -> x, x -> x));
    Map<Object, Object> identity = new IdentityHashMap<Object, Object>(map);
    return Stream.of(
        new Object[] {new byte[1000], new long[7], new double[3], new Object[5], new String[2][3]},
        new boolean[][] {{true}, {}},
        new HashMap<>(map),
        new LinkedHashMap<>(map),
        new HashSet<>(ten),
        new LinkedHashSet<>(ten),
        new Hashtable<>(map),
        identity,
        new TreeMap<>(map),
        new TreeSet<>(ten),
        new ConcurrentHashMap<>(map),
        new ConcurrentSkipListMap<>(map),
        new ArrayList<>(ten),
        new LinkedList<>(ten),
        new Vector<>(ten),
        new ArrayDeque<>(ten),
        new PriorityQueue<>(ten),
        new CopyOnWriteArrayList<>(ten),
        List.copyOf(ten),
        Set.copyOf(ten),
        Map.copyOf(map),
        Collections.nCopies(10, "x"),
        Arrays.asList(1, 2, 3),
        Collections.synchronizedMap(new HashMap<>(map)),
        properties(),
        BitSet.valueOf(new long[] {1, 2, 3}),
        new EnumMap<>(Map.of(DayOfWeek.MONDAY, 1)),
        EnumSet.of(DayOfWeek.MONDAY),
        new BigInteger("123456789012345678901234567890"),
        new BigDecimal("1.5"),
        new StringBuilder("abc"),
        new StringBuffer("abc"),
        ZonedDateTime.now(),
        new IllegalStateException("a message", new IOException()));
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("a", "b");
    return properties;
  }

  @ParameterizedTest
  @MethodSource("values")
  void hostileNumbersTakeNoMoreThanAShareOfWhatCame(Object value) throws Exception {
    byte[] good = stream(new Object[] {value, new byte[2000]});
    SplittableRandom random = new SplittableRandom(good.length);
    for (int i = 0; i < 20; i++) {
      allocated(message(good)); // what classes take that are loaded
    }
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bad = good.clone();
      int at = 4 + random.nextInt(bad.length - 2000 - 8);
      int number = random.nextInt(1, 1 << random.nextInt(4, 31));
      ByteBuffer.wrap(bad).putInt(at, number);
      assertThat(allocated(message(bad)))
          .as("%s with %d at %d (of %d bytes)", value.getClass(), number, at, bad.length)
          .isLessThan(ALWAYS_BYTES + MOST_PER_BYTE * bad.length);
    }
  }

  @Test
  void anArrayOfLongsIsCountedInBytes() throws Exception {
    byte[] stream = stream(new Object[] {new byte[1 << 20], new long[7]});
    ByteBuffer.wrap(stream).putInt(stream.length - 7 * Long.BYTES - Integer.BYTES, 15 << 20);
    byte[] message = message(stream);
    assertThat(allocated(message)).isLessThan(16L * message.length);
    assertThatExceptionOfType(CodecException.class)
        .isThrownBy(() -> UNTRUSTING.decode(message, 0, message.length, null))
        .withMessageContaining("bytes of memory")
        .withMessageContaining("worker's word");
  }

  private enum Many {
    A,
    B
  }

  static Stream<Supplier<Object>> honest() {
    return Stream.of(
        () -> List.of(new int[10_000_000]),
        () -> new ArrayList<>(Collections.nCopies(1_000_000, null)),
        () -> new Object[2_000_000],
        () -> new ArrayBlockingQueue<>(1_000_000),
        () -> new byte[100_000][0],
        () -> new long[100_000][1],
        () -> new ArrayList<>(Collections.nCopies(300_000, "")),
        () -> IntStream.range(0, 300_000).mapToObj(i -> new String("")).toList(),
        () -> IntStream.range(0, 200_000).boxed().collect(Collectors.toMap(i -> i, i -> i)),
        () -> IntStream.range(0, 200_000).boxed().collect(Collectors.toSet()),
        () -> IntStream.range(0, 200_000).boxed().collect(Collectors.toUnmodifiableSet()),
        () -> sparse(new HashMap<>(16, 0.25f)),
        () -> sparse(new LinkedHashMap<>(16, 0.25f)),
        () -> sparse(new Hashtable<>(16, 0.25f)),
        () -> sparse(new IdentityHashMap<>()),
        () -> small(() -> new HashMap<>(Map.of(1, 2))),
        () -> small(() -> new HashMap<>(8, 0.01f)),
        () -> small(() -> new HashSet<>(Set.of(1))),
        () -> small(() -> new IdentityHashMap<Object, Object>(Map.of(1, 2))),
        () -> small(() -> new Hashtable<>(Map.of(1, 2))),
        () -> small(ArrayDeque::new),
        () -> small(PriorityQueue::new),
        () -> small(Vector::new),
        () -> small(() -> new EnumMap<>(Map.of(Many.A, 1))),
        () -> small(() -> Map.of(1, 2)),
        () -> small(() -> Set.of(1, 2)),
        () -> small(() -> new StringBuilder()),
        () -> BitSet.valueOf(new long[] {1}),
        () -> farBit(),
        () -> BigInteger.ONE.shiftLeft(1_000_000));
  }

  private static Map<Object, Object> sparse(Map<Object, Object> map) {
    for (int i = 0; i < 100_000; i++) {
      map.put(Integer.toString(i, 36), "");
    }
    return map;
  }

  private static List<Object> small(Supplier<Object> each) {
    return Stream.generate(each).limit(20_000).collect(Collectors.toCollection(ArrayList::new));
  }

  private static BitSet farBit() {
    BitSet bits = new BitSet();
    bits.set(10_000_000);
    return bits;
  }

  @ParameterizedTest
  @MethodSource("honest")
  void ordinaryLargeValuesArriveHoweverLittleTheyTake(Supplier<Object> made) throws Exception {
    byte[] message = message(stream(made.get()));
    assertThat(
            UNTRUSTING.decode(message, 0, message.length, StreamMemoryTest.class.getClassLoader()))
        .isNotNull();
  }
}
