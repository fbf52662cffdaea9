package dev.procpool.cli.value;

import org.jspecify.annotations.Nullable;

/** Makes values of one type of texts. Chosen once for many texts; stateless, so thread-safe. */
@FunctionalInterface
public interface TextParser {

  /**
   * Makes a value of a text.
   *
   * @param text the text
   * @return the value; null for an empty text where the type has no empty value
   * @throws ConversionException if the text is not of the type
   */
  @Nullable Object parse(String text) throws ConversionException;
}
