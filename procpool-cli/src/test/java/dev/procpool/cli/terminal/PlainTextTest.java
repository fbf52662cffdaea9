package dev.procpool.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Text does a terminal no harm. */
class PlainTextTest {

  @Test
  void escapeCodesBecomeVisible() {
    assertThat(PlainText.of("plain \u00fc\t\n")).isEqualTo("plain \u00fc\t\n");
    assertThat(PlainText.of("a\u001b[31m\r\u0007\u009b1m\u202e"))
        .isEqualTo("a\u241b[31m\u240d\u2407\\u009b1m\\u202e");
  }
}
