package dev.procpool.cli.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is a number of JSON. */
class JsonNumberTest {

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
