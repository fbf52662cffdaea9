package dev.procpool.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.row.Row;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in results, which are written without the JDK's own text of them. */
class ResultNumbersTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        10,
        99,
        100,
        999_999_999,
        1_000_000_000,
        1_000_000_001,
        2_147_483_647,
        2_147_483_648L,
        9_999_999_999L,
        Long.MAX_VALUE,
        -1,
        Long.MIN_VALUE
      })
  void aNumberIsWrittenAsItIs(long number) {
    Utf8Buffer out = new Utf8Buffer(0);
    out.put(number);
    assertThat(new String(out.take(), StandardCharsets.UTF_8)).isEqualTo(Long.toString(number));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        499,
        500,
        1_499,
        999_499,
        999_500,
        1_000_000,
        999_999_499,
        999_999_500,
        2_147_483_647_499L,
        2_147_483_647_500L,
        2_147_483_648_000L,
        259_200_000_000_500L
      })
  void aTimeHasThreeDecimalsOfAMillisecond(long nanos) throws Exception {
    Target target = new Target(String.class.getMethod("strip"), String.class, true);
    ResultLine lines = new ResultLine(new ArgumentsText(target, Mode.MAP, List.of(), false), false);
    Result.Item item = new Result.Item(Row.of(1, Row.Kind.LINE, "a"), 0, null, 1);
    Outcome<String> outcome = new Outcome.Success<>(0, 1, Duration.ofNanos(nanos), 7, "\"a\"");
    String line = lines.of(new Result(item, outcome, Reply.ok("\"a\"")));
    long micros = (nanos + 500) / 1000;
    String expected =
        String.format(Locale.ROOT, "\"ms\":%d.%03d,\"pid\":7", micros / 1000, micros % 1000);
    assertThat(line).contains(expected);
  }
}
