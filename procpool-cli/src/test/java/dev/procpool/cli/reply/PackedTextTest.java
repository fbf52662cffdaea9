package dev.procpool.cli.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.HardTexts;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.RowForm;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The forms in which rows and replies cross. */
class PackedTextTest {

  @ParameterizedTest
  @EnumSource
  void rowsCrossAsTheyAre(Row.Kind kind) {
    RowForm form = new RowForm();
    for (long line : new long[] {0, 1, 127, 128, 1_000_000, Long.MAX_VALUE}) {
      for (String text : HardTexts.ALL) {
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
    Row wide = new Row(1, Row.Kind.FIELDS, HardTexts.ALL);
    assertThat(RowForm.read(form.write(wide))).isEqualTo(wide);
  }

  @Test
  void repliesCrossAsTheyAre() {
    for (String text : HardTexts.ALL) {
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
}
