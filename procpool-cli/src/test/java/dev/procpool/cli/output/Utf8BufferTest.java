package dev.procpool.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.HardTexts;
import dev.procpool.cli.value.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bytes in which results go out. */
class Utf8BufferTest {

  @Test
  void bytesAreThoseOfAWriter() throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Utf8Buffer buffer = new Utf8Buffer(1);
    try (Writer writer = new OutputStreamWriter(expected, StandardCharsets.UTF_8)) {
      for (String text : HardTexts.ALL) {
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
