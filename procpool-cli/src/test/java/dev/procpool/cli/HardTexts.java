package dev.procpool.cli;

import java.util.List;

/** Texts that whatever writes or packs texts has to keep as they are. */
public final class HardTexts {

  /** All of them. */
  public static final List<String> ALL =
      List.of(
          "",
          "plain",
          "a \"quote\", a \\ and a\ttab\r\n",
          "\u0000\u007f\u0080\u00e9\u00ff",
          "\u20ac \ud83d\ude00",
          "\udc80 alone \ud800",
          "x".repeat(127) + "\u0100",
          "y".repeat(20_000));

  private HardTexts() {}
}
