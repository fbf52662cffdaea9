package dev.procpool.local.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker's output arrives as lines, whatever it is made of. */
class OutputPumpTest {

  private static final int MAX_LINE_BYTES = 64 * 1024;

  private static List<String> lines(InputStream in) {
    List<String> lines = new ArrayList<>();
    OutputPump pump =
        new OutputPump(in, new byte[0], new OutputTail(), (line, mark) -> lines.add(line));
    pump.run();
    assertThat(pump.ended()).isCompleted();
    return lines;
  }

  private static List<String> lines(String text) {
    return lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesEndWithEitherLineEndAndTheLastWithNone() {
    assertThat(lines("a\r\nb\n\nc\rd\nlast")).containsExactly("a", "b", "", "c\rd", "last");
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void noCharacterIsCutAtABuffersBorder(int shift) {
    String text = "x".repeat(shift) + "\uD83D\uDE00".repeat(5_000);
    assertThat(lines(text + "\n" + text)).containsExactly(text, text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void noCharacterIsCutWhereALongLineIs(int shift) {
    String text = "x".repeat(shift) + "\uD83D\uDE00".repeat(100_000);

    List<String> pieces = lines(text + "\nnext");

    assertThat(pieces).hasSizeGreaterThan(2).endsWith("next");
    assertThat(String.join("", pieces.subList(0, pieces.size() - 1)).equals(text))
        .as("pieces make up the line")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void aLineThatFillsItsPieceIsNotFollowedByAnEmptyOne(String end) {
    for (int length = MAX_LINE_BYTES - 2; length <= MAX_LINE_BYTES; length++) {
      String text = "x".repeat(length);
      assertThat(String.join("|", lines(text + end + "next")).equals(text + "|next"))
          .as("line of %d bytes", length)
          .isTrue();
    }
  }

  @Test
  void bytesThatAreNoCharactersDoNotEndTheOutput() {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) 0x80);
    bytes[bytes.length - 1] = '\n';

    assertThat(lines(new ByteArrayInputStream(bytes))).hasSizeGreaterThan(2);
  }

  @Test
  void aConsumerThatThrowsGetsTheNextLine() {
    List<String> seen = new ArrayList<>();
    byte[] text = "a\nb\nc".getBytes(StandardCharsets.UTF_8);
    OutputPump pump =
        new OutputPump(
            new ByteArrayInputStream(text),
            new byte[0],
            new OutputTail(),
            (line, mark) -> {
              seen.add(line);
              throw new IllegalStateException("thrown by the test's consumer");
            });
    pump.run();

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(pump.ended()).isCompleted();
  }

  @Test
  void aConsumerThatThrowsAnErrorGetsTheNextLine() {
    List<String> seen = new ArrayList<>();
    OutputPump pump =
        new OutputPump(
            new ByteArrayInputStream("a\nb\nc".getBytes(StandardCharsets.UTF_8)),
            new byte[0],
            new OutputTail(),
            (line, mark) -> {
              seen.add(line);
              throw new AssertionError("thrown by the test's consumer");
            });
    pump.run();

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(pump.ended()).isCompleted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e4", "\u20ac", "\uD83D\uDE00"})
  void aStreamThatEndsWithinACharacterEndsWithWhatItGave(String character) {
    byte[] whole = ("text" + character).getBytes(StandardCharsets.UTF_8);
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);

    assertThat(lines(new ByteArrayInputStream(cut))).containsExactly("text\uFFFD");
  }

  @Test
  void malformedBytesInALineAreReplacedAndTheNextLineIsWhole() {
    byte[] bytes = "a?b\n\u00e4".getBytes(StandardCharsets.UTF_8);
    bytes[1] = (byte) 0xff;

    assertThat(lines(new ByteArrayInputStream(bytes))).containsExactly("a\uFFFDb", "\u00e4");
  }

  @Test
  void aStreamThatBreaksEndsWithWhatItGave() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("closed");
          }
        };
    InputStream text = new ByteArrayInputStream("a\nb".getBytes(StandardCharsets.UTF_8));
    assertThat(lines(new SequenceInputStream(text, broken))).containsExactly("a", "b");
  }

  /** Gives nothing until it is closed. */
  private static final class Silent extends InputStream {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      asked.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return -1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void anInterruptOfWhoWaitsForTheEndIsNoQuietTime() throws InterruptedException {
    Silent in = new Silent();
    OutputPump pump = new OutputPump(in, new byte[0], new OutputTail(), (line, mark) -> {});
    Thread thread = new Thread(pump);
    thread.start();
    in.asked.await();

    Thread.currentThread().interrupt();
    pump.endAfterProcess(TimeUnit.MILLISECONDS.toNanos(50)); // not so long as a time of quiet

    assertThat(in.closed.getCount()).as("is open").isEqualTo(1);
    pump.endAfterProcess(TimeUnit.MINUTES.toNanos(1));
    assertThat(pump.ended()).isCompleted();
    thread.join();
  }
}
