package dev.procpool.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.row.InvalidRowException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code --halt} sees in results. */
class HaltTest {

  @Test
  void failuresAreAlikeIfTheyDifferInNumbersAndQuotedValuesOnly() {
    assertThat(invalid("line 3, column 1: 'abc' is not an int").kind())
        .isEqualTo(invalid("line 4, column 1: 'x' is not an int").kind())
        .isNotEqualTo(invalid("line 4, column 1: 'x' is not a double").kind());

    Halt halt = new Halt(List.of(), true);
    for (int i = 0; i < 19; i++) {
      assertThat(halt.sees(invalid("line " + i))).isEmpty();
    }
    assertThat(halt.sees(invalid("line 20"))).isPresent();
    assertThat(halt.sees(invalid("line 21"))).as("the first twenty only").isEmpty();

    Halt mixed = new Halt(List.of(), true);
    assertThat(mixed.sees(Reply.ok("1"))).isEmpty();
    for (int i = 0; i < 30; i++) {
      assertThat(mixed.sees(invalid("line " + i))).isEmpty();
    }
  }

  private static Reply invalid(String message) {
    return Reply.invalid(new InvalidRowException(message));
  }
}
