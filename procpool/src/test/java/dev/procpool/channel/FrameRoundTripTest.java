package dev.procpool.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer queues a reader gives out, however the bytes are cut on the way. */
class FrameRoundTripTest {

  private static final int STAGE_BYTES = 16 * 1024;

  private record Sent(int type, byte[] payload) {}

  /** A line that takes and gives as many bytes at a time as it likes, sometimes none. */
  private static final class Line implements ByteSink, ByteSource {
    private final SplittableRandom random;
    private final int most;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private byte[] bytes = new byte[0];
    private int position;

    Line(SplittableRandom random, int most) {
      this.random = random;
      this.most = most;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = Math.min(from.remaining(), random.nextInt(most + 1));
      byte[] part = new byte[count];
      from.get(part);
      written.writeBytes(part);
      return count;
    }

    void turn() {
      bytes = written.toByteArray();
    }

    @Override
    public int read(ByteBuffer to) {
      if (position == bytes.length) {
        return -1;
      }
      int count =
          Math.min(Math.min(to.remaining(), bytes.length - position), random.nextInt(most + 1));
      to.put(bytes, position, count);
      position += count;
      return count;
    }
  }

  /** Writes frames to a line, and turns it. */
  private static ArrayDeque<Sent> sendSome(
      Line line, SplittableRandom random, int mostBytesAtATime, long seed) throws IOException {
    FrameWriter writer = new FrameWriter();
    ArrayDeque<Sent> sent = new ArrayDeque<>();
    for (int i = 0; i < 60; i++) {
      put(writer, sent, random, mostBytesAtATime < 1000 ? 20_000 : 3_000_000);
      if (random.nextBoolean()) {
        writer.flush(line);
      }
    }
    while (!writer.flush(line)) {
      assertThat(writer.queuedBytes()).as("seed %d", seed).isPositive();
    }
    assertThat(writer.queuedBytes()).as("seed %d", seed).isZero();
    line.turn();
    return sent;
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 1_000, 100_000, 4_000_000})
  void framesComeOutAsTheyWentIn(int mostBytesAtATime) throws IOException {
    for (long seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Line line = new Line(random, mostBytesAtATime);
      ArrayDeque<Sent> sent = sendSome(line, random, mostBytesAtATime, seed);
      FrameReader reader = new FrameReader(Long.MAX_VALUE);
      while (reader.fill(line) >= 0) {
        while (reader.next()) {
          Sent expected = sent.remove();
          assertThat(reader.type()).as("type, seed %d", seed).isEqualTo(expected.type());
          assertThat(Arrays.equals(reader.copy(0), expected.payload()))
              .as("payload of %d bytes, seed %d", expected.payload().length, seed)
              .isTrue();
          assertThat(reader.length()).isEqualTo(expected.payload().length);
        }
      }
      assertThat(sent).as("not received, seed %d", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 1_000, 100_000, 4_000_000})
  void ofAFrameThatIsSkippedTheEndComesOut(int mostBytesAtATime) throws IOException {
    int skipped = 0;
    for (long seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Line line = new Line(random, mostBytesAtATime);
      ArrayDeque<Sent> sent = sendSome(line, random, mostBytesAtATime, seed);
      FrameReader reader = new FrameReader(Long.MAX_VALUE);
      while (reader.fill(line) >= 0) {
        while (reader.next()) {
          byte[] expected = sent.peek().payload();
          assertThat(reader.type()).as("type, seed %d", seed).isEqualTo(sent.remove().type());
          if (reader.skipped() >= 0) {
            skipped++;
            assertThat(reader.skipped()).as("seed %d", seed).isEqualTo(expected.length);
            assertThat(reader.length())
                .as("seed %d", seed)
                .isEqualTo(Math.min(64, expected.length));
          } else {
            assertThat(reader.length()).as("seed %d", seed).isEqualTo(expected.length);
          }
          int from = expected.length - reader.length();
          assertThat(
                  Arrays.equals(
                      reader.copy(0), Arrays.copyOfRange(expected, from, expected.length)))
              .as("payload of %d bytes, seed %d", expected.length, seed)
              .isTrue();
        }
        if (random.nextInt(4) == 0) {
          reader.skip(); // if a frame has begun
        }
      }
      assertThat(sent).as("not received, seed %d", seed).isEmpty();
    }
    assertThat(skipped).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 1_000, 100_000, 4_000_000})
  void aBodyComesOutInAnArrayOfItsOwn(int mostBytesAtATime) throws IOException {
    int bodyType = 13;
    for (long seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Line line = new Line(random, mostBytesAtATime);
      FrameWriter writer = new FrameWriter();
      ArrayDeque<Sent> sent = new ArrayDeque<>();
      for (int i = 0; i < 40; i++) {
        byte[] body = bytes(random, size(random, mostBytesAtATime < 1000 ? 20_000 : 3_000_000));
        int type = random.nextBoolean() ? bodyType : random.nextInt(bodyType);
        writer.put(type, body, 0, body, 0, body.length);
        sent.add(new Sent(type, body));
      }
      while (!writer.flush(line)) {
        // until the line has taken everything
      }

      line.turn();
      FrameReader reader = FrameReader.believing(bodyType);
      while (reader.fill(line) >= 0) {
        while (reader.next()) {
          Sent expected = sent.remove();
          assertThat(reader.type()).as("type, seed %d", seed).isEqualTo(expected.type());
          assertThat(reader.copy(0)).as("seed %d", seed).isEqualTo(expected.payload());
          if (reader.type() == bodyType) {
            assertThat(reader.detach()).as("seed %d", seed).isEqualTo(expected.payload());
          }
        }
      }
      assertThat(sent).as("not received, seed %d", seed).isEmpty();
    }
  }

  /** The line takes a part at a time; what it has of the body when the type is asked for counts. */
  @ParameterizedTest
  @ValueSource(ints = {100, 50_000, 4_000_000})
  void aTypeIsAskedForOnceAllBeforeItWasWritten(int mostBytesAtATime) throws IOException {
    for (long seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Line line = new Line(random, mostBytesAtATime);
      FrameWriter writer = new FrameWriter();
      byte[] body = bytes(random, 100_000);
      byte[] head = bytes(random, 40);
      writer.put(1, body, 0, body, 0, body.length);
      int before = 2 * Frame.HEADER_BYTES + body.length + head.length;
      writer.put(2, head, head.length, body, 0, 0);
      writer.put(
          () -> line.written.size() < before ? 100 : 3, head, head.length, body, 0, body.length);
      writer.put(4, head, head.length, body, 0, 0);
      while (!writer.flush(line)) {
        assertThat(writer.queuedBytes()).as("seed %d", seed).isPositive();
      }
      assertThat(writer.queuedBytes()).as("seed %d", seed).isZero();

      line.turn();
      FrameReader reader = new FrameReader(Long.MAX_VALUE);
      int frames = 0;
      while (reader.fill(line) >= 0) {
        while (reader.next()) {
          frames++;
          assertThat(reader.type()).as("seed %d", seed).isEqualTo(frames);
          byte[] expected = frames == 1 ? body : head;
          assertThat(reader.copy(0)).as("seed %d", seed).startsWith(expected);
          assertThat(reader.length())
              .isEqualTo(frames == 3 ? head.length + body.length : expected.length);
        }
      }
      assertThat(frames).as("seed %d", seed).isEqualTo(4);
    }
  }

  private static void put(
      FrameWriter writer, ArrayDeque<Sent> sent, SplittableRandom random, int large) {
    byte[] head = bytes(random, size(random, large));
    byte[] body = bytes(random, size(random, large));
    int headLength = random.nextInt(head.length + 1);
    int from = random.nextInt(4) == 0 ? random.nextInt(body.length + 1) : 0;
    int type = random.nextInt(256);
    writer.put(type, head, headLength, body, from, body.length - from);
    byte[] payload = Arrays.copyOf(head, headLength + body.length - from);
    System.arraycopy(body, from, payload, headLength, body.length - from);
    Arrays.fill(head, (byte) 0); // the head is copied; the body may be kept until it is sent
    sent.add(new Sent(type, payload));
  }

  private static int size(SplittableRandom random, int large) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> 0;
      case 3 -> STAGE_BYTES;
      case 4 -> STAGE_BYTES / 2 + random.nextInt(-9, 10);
      case 5 -> random.nextInt(large);
      default -> random.nextInt(2_000);
    };
  }

  private static byte[] bytes(SplittableRandom random, int size) {
    byte[] made = new byte[size];
    random.nextBytes(made);
    return made;
  }

  @Test
  void aBodyAsLargeAsAStageIsNeverWrittenTo() throws IOException {
    FrameWriter writer = new FrameWriter();
    Line line = new Line(new SplittableRandom(1), Integer.MAX_VALUE - 1);
    byte[] body = new byte[STAGE_BYTES];
    byte[] small = {1, 2, 3};
    for (int i = 0; i < 5; i++) {
      writer.put(1, small, small.length, body, 0, body.length);
      while (!writer.flush(line)) {
        // until the line has taken everything
      }
    }
    assertThat(body).containsOnly(0);
  }

  @Test
  void aFrameLongerThanTheLimitIsRefusedByItsHeader() throws IOException {
    FrameReader reader = new FrameReader(1_000_000);
    fill(reader, Frame.header(3, 1_000_001));

    assertThatThrownBy(reader::next)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1000001")
        .hasMessageContaining("1000000");
  }

  @Test
  void aDeclaredLengthAloneTakesNoMemory() throws IOException {
    FrameReader reader = new FrameReader(Long.MAX_VALUE);
    int before = reader.array().length;
    fill(reader, Frame.header(3, 2_000_000_000));

    assertThat(reader.next()).isFalse();
    assertThat(reader.array()).hasSize(before);
  }

  private static void fill(FrameReader reader, long header) throws IOException {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(header).array();
    reader.fill(
        into -> {
          into.put(bytes);
          return bytes.length;
        });
  }
}
