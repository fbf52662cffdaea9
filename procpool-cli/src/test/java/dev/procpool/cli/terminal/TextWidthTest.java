package dev.procpool.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How wide text is on a terminal. */
class TextWidthTest {

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abcdef, 5, ab...",
    "\u6f22\u5b57\u6f22, 6, \u6f22\u5b57\u6f22",
    "\u6f22\u5b57\u6f22, 5, \u6f22...",
    "\u6f22\u5b57\u6f22, 4, ...",
    "a\uD83D\uDE00bcd, 5, a...",
    "abcdef, 2, .."
  })
  void textIsCutBetweenCharactersByItsWidth(String text, int columns, String cut) {
    assertThat(TextWidth.cut(text, columns)).isEqualTo(cut);
  }
}
