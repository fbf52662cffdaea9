package dev.procpool.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.value.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes in which results go out. */
class Utf8BufferTest {

  private static final List<String> TEXTS =
      List.of(
          "",
          "plain",
          "a \"quote\", a \\ and a\ttab\r\n",
          "\u0000\u007f\u0080\u00e9\u00ff",
          "\u20ac \ud83d\ude00",
          "\udc80 alone \ud800",
          "x".repeat(127) + "\u0100",
          "y".repeat(20_000));

  @Test
  void bytesAreThoseOfAWriter() throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Utf8Buffer buffer = new Utf8Buffer(1);
    try (Writer writer = new OutputStreamWriter(expected, StandardCharsets.UTF_8)) {
      for (String text : TEXTS) {
        buffer.put(text);
        writer.write(text);
        buffer.putQuoted(text);
        writer.write(JsonText.quote(text));
      }
      for (long number : new long[] {0, 9, 10, 1234567890, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
        buffer.put(number);
        writer.write(Long.toString(number));
      }
    }
    buffer.moveTo(out);
    assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(buffer.size()).isZero();
  }
}
