package dev.procpool.cli.limit;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How fast items may start: {@code --rate}. Immutable.
 *
 * @param nanos the time from one item to the next
 */
public record RateLimit(double nanos) {

  /** Reads {@code 10/s}, {@code 0.5/s}, {@code 100/m} and {@code 5000/h}. Stateless. */
  public static final class Converter implements ITypeConverter<RateLimit> {

    private static final Pattern FORM =
        Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(?:/(s|m|h))?");
    private static final Map<String, Double> NANOS = Map.of("s", 1e9, "m", 60e9, "h", 3600e9);

    @Override
    public RateLimit convert(String text) {
      Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
      double items = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
      if (items == 0) {
        throw new TypeConversionException(
            "'" + text + "' is not a rate: write 10/s, 100/m or 5000/h");
      }
      String time = matcher.group(2);
      return new RateLimit(Objects.requireNonNull(NANOS.get(time == null ? "s" : time)) / items);
    }
  }
}
