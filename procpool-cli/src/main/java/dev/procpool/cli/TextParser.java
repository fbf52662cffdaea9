package dev.procpool.cli;

/** Makes values of one type of texts. Chosen once for many texts; stateless, so thread-safe. */
@FunctionalInterface
interface TextParser {

  /**
   * Makes a value of a text.
   *
   * @param text the text
   * @return the value; null for an empty text where the type has no empty value
   * @throws ConversionException if the text is not of the type
   */
  Object parse(String text) throws ConversionException;
}
