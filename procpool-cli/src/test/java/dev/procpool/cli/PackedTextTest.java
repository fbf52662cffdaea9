package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The forms in which rows and replies cross, and the bytes in which results go out. */
class PackedTextTest {

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

  @ParameterizedTest
  @EnumSource
  void rowsCrossAsTheyAre(Row.Kind kind) {
    RowForm form = new RowForm();
    for (long line : new long[] {0, 1, 127, 128, 1_000_000, Long.MAX_VALUE}) {
      for (String text : TEXTS) {
        List<String> fields =
            switch (kind) {
              case LINE, ITEM, JSON, FILE -> List.of(text);
              case BROKEN -> List.of(text, "fault");
              case FIELDS, BATCH -> Arrays.asList("first", text, "", text);
            };
        Row row = new Row(line, kind, fields);
        assertThat(RowForm.read(form.write(row))).isEqualTo(row);
      }
    }
    Row wide = new Row(1, Row.Kind.FIELDS, TEXTS);
    assertThat(RowForm.read(form.write(wide))).isEqualTo(wide);
  }

  @Test
  void repliesCrossAsTheyAre() {
    for (String text : TEXTS) {
      List<Reply> replies =
          List.of(
              Reply.ok(text),
              Reply.ok(text).withPrinted(text),
              Reply.invalid(new InvalidRowException(text)),
              new Reply(Status.FAILED, null, "E", null, text, null, ""),
              new Reply(Status.FAILED, null, "E", text, null, text, text));
      for (Reply reply : replies) {
        assertThat(ReplyForm.read(ReplyForm.write(reply))).isEqualTo(reply);
      }
    }
    assertThat(ReplyForm.write(Reply.ok("[1]"))).isEqualTo("[1]");
  }

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

  @Test
  void numbersAreThoseOfJson() {
    Pattern number = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    SplittableRandom random = new SplittableRandom(57);
    int numbers = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(7); i > 0; i--) {
        text.append("-+.eE0123456789 \u0663".charAt(random.nextInt(17)));
      }
      boolean expected = number.matcher(text).matches();
      numbers += expected ? 1 : 0;
      assertThat(JsonNumber.is(text.toString())).as("'%s'", text).isEqualTo(expected);
    }
    assertThat(numbers).isGreaterThan(1000);
  }
}
