package dev.procpool.cli.text;

import java.nio.charset.Charset;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the input's bytes are text and its text is rows. Immutable.
 *
 * @param encoding the encoding that was asked for; null: what the first bytes say, else UTF-8
 * @param delimiter what separates the fields of CSV; empty: what the format says
 * @param quote what stands around a field that holds delimiters; {@link #NO_QUOTE} for nothing
 * @param nulSeparated whether items end with a NUL character and not with a line
 */
public record TextForm(
    @Nullable Charset encoding, OptionalInt delimiter, int quote, boolean nulSeparated) {

  /** In place of a quote: every character stands for itself. */
  public static final int NO_QUOTE = -1;

  /** What is taken where nothing is said. */
  public static final TextForm USUAL = new TextForm(null, OptionalInt.empty(), '"', false);
}
