package dev.procpool.local.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.protocol.OutputMark;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marks are taken out of a worker's stream, wherever the stream is cut. */
class OutputSectionsTest {

  private static final byte[] KEY = OutputMark.newKey();
  private static final OutputMark FIRST = new OutputMark(1, 2, 3);
  private static final OutputMark SECOND = new OutputMark(4, Long.MAX_VALUE, 5);

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final List<String> expected = new ArrayList<>();

  /** What one mark goes with, put together. */
  private static final class Gathered {
    private final List<String> sections = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private @Nullable OutputMark mark;

    void take(byte[] bytes, int offset, int length, @Nullable OutputMark itsMark) {
      if (length > 0 && itsMark != mark) {
        end();
        mark = itsMark;
      }
      current.write(bytes, offset, length);
    }

    void end() {
      if (current.size() > 0) {
        sections.add(mark + ": " + current.toString(StandardCharsets.ISO_8859_1));
        current.reset();
      }
    }
  }

  private void plain(String text) {
    stream.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    expected.add("null: " + text);
  }

  private void marked(OutputMark mark, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out = ByteBuffer.allocate(OutputMark.BYTES + bytes.length);
    mark.write(KEY, bytes, 0, bytes.length, out);
    stream.writeBytes(out.array());
    expected.add(mark + ": " + text);
  }

  private List<String> read(byte[] key, int mostAtATime, SplittableRandom random) {
    Gathered gathered = new Gathered();
    OutputSections sections = new OutputSections(key, gathered::take);
    byte[] all = stream.toByteArray();
    for (int at = 0; at < all.length; ) {
      int piece = Math.min(all.length - at, 1 + random.nextInt(mostAtATime));
      sections.take(Arrays.copyOfRange(all, at, at + piece), piece);
      at += piece;
    }
    sections.end();
    gathered.end();
    return gathered.sections;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40, 10_000})
  void marksAndWhatHasNoneComeApartWhereverTheStreamIsCut(int mostAtATime) {
    plain("the JVM's own words\n");
    marked(FIRST, "x".repeat(OutputMark.MAX_PIECE_BYTES));
    plain("a child's\0, zeros\0\0");
    marked(SECOND, "\0y\n");
    plain(new String(KEY, 0, KEY.length - 1, StandardCharsets.ISO_8859_1) + "\n");
    marked(FIRST, "z");
    plain("the beginning of a key: \0");

    for (long seed = 0; seed < 20; seed++) {
      assertThat(read(KEY, mostAtATime, new SplittableRandom(seed)))
          .as("seed %d", seed)
          .isEqualTo(expected);
    }
  }

  @Test
  void withoutAKeyNothingIsTakenForAMark() {
    marked(FIRST, "text");
    assertThat(read(new byte[0], 5, new SplittableRandom(1)))
        .singleElement()
        .asString()
        .endsWith("text")
        .startsWith("null: \0");
  }
}
