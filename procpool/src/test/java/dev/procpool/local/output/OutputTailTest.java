package dev.procpool.local.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.protocol.OutputMark;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The last lines of a stream are told by the item that has printed them. */
class OutputTailTest {

  private static final byte[] KEY = OutputMark.newKey();
  private static final OutputMark EARLIER = new OutputMark(1, 6, 1);
  private static final OutputMark RUNNING = new OutputMark(1, 7, 1);

  private final OutputTail tail = new OutputTail();
  private final List<String> consumed = new ArrayList<>();
  private final ByteBuffer stream = ByteBuffer.allocate(1 << 20);

  private OutputTailTest print(@Nullable OutputMark mark, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (mark == null) {
      stream.put(bytes);
    } else {
      mark.write(KEY, bytes, 0, bytes.length, stream);
    }
    return this;
  }

  private List<String> told(@Nullable OutputMark running) {
    ByteArrayInputStream in = new ByteArrayInputStream(stream.array(), 0, stream.position());
    new OutputPump(in, KEY, tail, (line, mark) -> consumed.add(line)).run();
    return tail.lines(running);
  }

  @Test
  void linesOfOtherItemsAreNot() {
    print(EARLIER, "a\nb\n").print(RUNNING, "c\n").print(new OutputMark(1, 7, 2), "d\n");

    assertThat(told(RUNNING)).containsExactly("c");
    assertThat(tail.lines(null)).containsExactly("a", "b", "c", "d");
    assertThat(tail.lines(new OutputMark(2, 7, 1))).as("another call").isEmpty();
  }

  @Test
  void linesOfNobodyAreSinceAnotherItemHasPrinted() {
    print(null, "old\n").print(EARLIER, "a\n").print(null, "new\n").print(RUNNING, "b\n");
    print(null, "newest\n");

    assertThat(told(RUNNING)).containsExactly("new", "b", "newest");
  }

  @Test
  void ofALineByTwoTheRightPartIs() {
    print(EARLIER, "begun ").print(null, "native ").print(RUNNING, "end\r\n").print(EARLIER, "x");
    print(null, "last");

    assertThat(told(RUNNING)).containsExactly("end", "last");
    assertThat(tail.lines(EARLIER)).containsExactly("begun ", "xlast");
    assertThat(tail.lines(null)).containsExactly("begun native end", "xlast");
    assertThat(consumed).containsExactly("begun native end", "xlast");
  }

  @Test
  void aLineEndBySomebodyElseIsNoLine() {
    print(RUNNING, "a").print(EARLIER, "\n").print(RUNNING, "b\n");

    assertThat(told(RUNNING)).containsExactly("a", "b");
    assertThat(tail.lines(EARLIER)).isEmpty();
  }

  @Test
  void manyPiecesOfOneLineLoseNothing() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      print(i % 2 == 0 ? EARLIER : RUNNING, "€" + i + "\uD83D\uDE00");
      all.append('€').append(i).append("\uD83D\uDE00");
    }
    print(RUNNING, "\nend\n");

    assertThat(told(RUNNING)).endsWith("€4999\uD83D\uDE00", "end");
    assertThat(String.join("", consumed)).isEqualTo(all + "end");
  }

  @Test
  void wordsCountOnlyWhereNoItemHasPrintedThem() {
    print(EARLIER, "it says words\n").print(RUNNING, "words\nunfinished ");
    told(RUNNING);
    assertThat(tail.hasUnmarked("words", RUNNING)).isFalse();

    tail.add("words", null, true);
    assertThat(tail.hasUnmarked("words", RUNNING)).isTrue();
    assertThat(tail.hasUnmarked("words", new OutputMark(1, 8, 1))).isTrue();

    tail.add("x", new OutputMark(1, 8, 1), false);
    assertThat(tail.hasUnmarked("words", new OutputMark(1, 9, 1))).as("of 7 or 8").isFalse();
  }
}
