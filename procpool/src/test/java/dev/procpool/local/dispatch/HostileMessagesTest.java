package dev.procpool.local.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.procpool.LimitKind;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Args;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.Hello;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.LevelMessage;
import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.spi.LogEvent;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pool makes of a hostile worker's bytes: a value or a refusal, in bounded memory. */
class HostileMessagesTest {

  private static final LogEvent EVENT =
      new LogEvent(
          Instant.ofEpochSecond(1, 2),
          System.Logger.Level.INFO,
          "logger",
          "message",
          Optional.empty(),
          "main",
          Map.of("request", "r-1"),
          List.of("MARKER"),
          Map.of("text", "x", "on", true, "i", 1, "l", 2L, "f", 0.5f, "d", 0.25));

  private static final int ROUNDS = 1500;

  /** What an exception and its messages may take, and tables of small objects. */
  private static final long FIXED_BYTES = 256 * 1024;

  private static final long BYTES_EACH = 400;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Codec CODEC = new Codec(null, 1 << 20);

  private interface Reading {
    void read(byte[] bytes) throws CodecException, ProtocolException;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void damagedMessages(long seed) throws CodecException {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> messages = messages();
    List<Reading> readings =
        List.of(
            bytes -> CODEC.decode(bytes, 0, bytes.length, getClass().getClassLoader()),
            bytes -> CODEC.decodeThrowable(bytes, 0, bytes.length, getClass().getClassLoader()),
            bytes -> LogMessage.read(ByteBuffer.wrap(bytes)),
            bytes -> LevelMessage.read(ByteBuffer.wrap(bytes)),
            bytes -> FetchMessage.read(ByteBuffer.wrap(bytes)),
            bytes -> Hello.read(ByteBuffer.wrap(bytes)),
            bytes -> ItemRef.read(ByteBuffer.wrap(bytes)),
            bytes -> StoppedItem.kind(bytes, 0, bytes.length),
            bytes -> StoppedItem.stack(bytes, 0, bytes.length),
            bytes -> ResultTrailer.read(bytes, 0, bytes.length));
    for (Reading reading : readings) {
      messages.forEach(message -> allocated(reading, message)); // classes are loaded
    }
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = damaged(messages.get(random.nextInt(messages.size())), random);
      for (Reading reading : readings) {
        assertThat(allocated(reading, bytes))
            .as("bytes allocated for seed %d, message %s", seed, Arrays.toString(bytes))
            .isLessThan(FIXED_BYTES + BYTES_EACH * bytes.length);
      }
    }
  }

  private static long allocated(Reading reading, byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.read(bytes);
    } catch (CodecException | ProtocolException e) {
      // refused; whatever else is thrown would be a fault of ours, and break the pool
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static byte[] damaged(byte[] message, SplittableRandom random) {
    int cut = random.nextInt(4) == 0 ? random.nextInt(message.length) : 0;
    byte[] bytes = Arrays.copyOf(message, message.length - cut);
    for (int change = random.nextInt(1, 6); change > 0; change--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0x7f);
      }
    }
    return bytes;
  }

  private static List<byte[]> messages() throws CodecException {
    List<byte[]> messages = new ArrayList<>();
    for (Object value :
        List.of(
            "text",
            new int[] {1, 2, 3},
            Args.of(1, Args.of("a", 2.5)),
            new ArrayList<>(List.of(1, 2, 3)),
            new HashMap<>(Map.of("key", List.of(1, 2), "more", new BigDecimal("1.5"))),
            new Object[] {new Object[] {1}, new String[] {"a", "b"}})) {
      ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
      CODEC.encode(value, out);
      messages.add(out.toByteArray());
    }
    ByteOutput thrown = new ByteOutput(16, Long.MAX_VALUE);
    CODEC.encodeThrowable(new IllegalStateException("x", new IOException("y")), thrown);
    messages.add(thrown.toByteArray());
    ByteOutput stopped = new ByteOutput(16, Long.MAX_VALUE);
    StoppedItem.write(LimitKind.STALL, new Throwable("carrier"), stopped, CODEC);
    messages.add(stopped.toByteArray());
    ByteOutput log = new ByteOutput(16, Long.MAX_VALUE);
    new LogMessage("bridge", null, EVENT, thrown.toByteArray()).write(log);
    messages.add(log.toByteArray());
    ByteOutput level = new ByteOutput(16, Long.MAX_VALUE);
    LevelMessage.question("bridge", "a.logger").write(level);
    messages.add(level.toByteArray());
    ByteOutput fetch = new ByteOutput(16, Long.MAX_VALUE);
    new FetchMessage(1, 2, FetchMessage.Kind.CLASS, "a/B.class").write(fetch);
    messages.add(fetch.toByteArray());
    ByteOutput hello = new ByteOutput(16, Long.MAX_VALUE);
    new Hello(3, 1, "token").write(hello);
    messages.add(hello.toByteArray());
    return messages;
  }

  @Test
  void aLogRecordOfNoTimeOrOfTooManyBytes() {
    byte[] late = record(new byte[0]);
    ByteBuffer.wrap(late).putLong(0, Long.MAX_VALUE);
    byte[] wild = record(new byte[0]);
    ByteBuffer.wrap(wild).putInt(Long.BYTES, -1);
    byte[] large = record(new byte[LogMessage.MAX_BYTES]);
    for (byte[] message : List.of(late, wild, large)) {
      assertThatThrownBy(() -> LogMessage.read(ByteBuffer.wrap(message)))
          .isInstanceOf(ProtocolException.class);
    }
  }

  private static byte[] record(byte[] thrown) {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new LogMessage("", null, EVENT, thrown).write(out);
    return out.toByteArray();
  }

  /** Fields without text cost a reader more than the worker. */
  @Test
  void aLogRecordOfTooManyFieldsOrTooLongAName() {
    LogEvent longName =
        new LogEvent(
            Instant.EPOCH,
            System.Logger.Level.INFO,
            "n".repeat(100),
            "",
            Optional.empty(),
            "",
            Map.of(),
            List.of(),
            Map.of());
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new LogMessage("", null, longName, new byte[0]).write(out);
    byte[] many = Arrays.copyOf(out.toByteArray(), 200_000);
    ByteBuffer.wrap(many).putInt(out.size() - 2 * Integer.BYTES, 40_000); // of empty markers
    assertThatThrownBy(() -> LogMessage.read(ByteBuffer.wrap(many)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("40000 fields");
  }

  @Test
  void aLogRecordIsCutToWhatIsTaken() throws Exception {
    String huge = "\u4e16".repeat(1_000_000);
    Map<String, String> many = new HashMap<>();
    IntStream.range(0, 10_000).forEach(i -> many.put(huge.substring(0, 5000) + i, huge));
    LogEvent event =
        new LogEvent(
            Instant.EPOCH,
            System.Logger.Level.INFO,
            huge,
            huge,
            Optional.empty(),
            huge,
            many,
            List.copyOf(many.keySet()),
            Map.copyOf(many));
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new LogMessage("bridge", null, event, new byte[LogMessage.MAX_THROWN_BYTES]).write(out);
    LogMessage read = LogMessage.read(ByteBuffer.wrap(out.toByteArray()));
    assertThat(read.event().message()).endsWith(" …").hasSizeGreaterThan(16_000);
    assertThat(read.event().mdc()).isNotEmpty();
  }

  @Test
  void aLogRecordIsReadAsItWasWritten() throws Exception {
    LogMessage read = LogMessage.read(ByteBuffer.wrap(record(new byte[] {1, 2})));
    assertThat(read.event()).isEqualTo(EVENT);
    assertThat(read.thrown()).containsExactly(1, 2);
    assertThat(read.item()).isNull();
  }

  static final class Running extends RuntimeException implements Serializable {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger READ = new AtomicInteger();

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      READ.incrementAndGet();
      in.defaultReadObject();
    }
  }

  /** It is read on the engine's thread, for which all wait. */
  @Test
  void aStackIsReadWithoutAnybodysCode() {
    ByteOutput plain = new ByteOutput(64, Long.MAX_VALUE);
    Throwable carrier = new Throwable("carrier");
    StoppedItem.write(LimitKind.STALL, carrier, plain, CODEC);
    assertThat(StoppedItem.stack(plain.toByteArray(), 0, plain.size()))
        .containsExactly(carrier.getStackTrace());
    ByteOutput foreign = new ByteOutput(64, Long.MAX_VALUE);
    StoppedItem.write(LimitKind.STALL, new Running(), foreign, CODEC);
    StoppedItem.stack(foreign.toByteArray(), 0, foreign.size());
    assertThat(Running.READ).hasValue(0);
  }

  @Test
  void pathsThatLeaveTheirRootAreShownToNoLoader() {
    for (String path : List.of("/etc/passwd", "../x", "a/../../x", "a/..", "a\\..\\x", "a\0b")) {
      assertThat(isAskable(FetchMessage.Kind.RESOURCES, path)).as(path).isFalse();
    }
    for (String path : List.of("", "a", "META-INF/services/x", "a..b/c", "...")) {
      assertThat(isAskable(FetchMessage.Kind.RESOURCES, path)).as(path).isTrue();
    }
    for (String path : List.of("", "a", ".class", "class")) {
      assertThat(isAskable(FetchMessage.Kind.CLASS, path)).as(path).isFalse();
    }
    assertThat(isAskable(FetchMessage.Kind.CLASS, "a/B.class")).isTrue();
  }

  private static boolean isAskable(FetchMessage.Kind kind, String path) {
    return ClassSource.isAskable(new FetchMessage(1, 1, kind, path));
  }
}
