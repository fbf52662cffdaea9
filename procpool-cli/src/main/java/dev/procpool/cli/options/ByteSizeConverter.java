package dev.procpool.cli.options;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 800m}, {@code 2g} and numbers of bytes, as {@code -Xmx} has them. Stateless. */
final class ByteSizeConverter implements ITypeConverter<Long> {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kmgt]?)b?");
  private static final Map<String, Integer> SHIFTS =
      Map.of("", 0, "k", 10, "m", 20, "g", 30, "t", 40);

  @Override
  public Long convert(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      int shift = Objects.requireNonNull(SHIFTS.get(matcher.group(2)));
      if (number > 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    }
    throw new TypeConversionException("'" + text + "' is not a size: write 800m, 2g or bytes");
  }
}
