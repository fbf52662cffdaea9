package dev.procpool.cli.limit;

import dev.procpool.cli.message.UsageException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The limit that {@code --timeout} names: a time, or a multiple of the items' median. Immutable.
 *
 * @param fixed the time; null if it depends on the median
 * @param factor how many times the median; zero if it is fixed
 */
public record TimeLimit(@Nullable Duration fixed, double factor) {

  /** Reads {@code 2s} and {@code 5x}. Stateless. */
  public static final class Converter implements ITypeConverter<TimeLimit> {

    private static final Pattern MULTIPLE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)[xX]");

    @Override
    public TimeLimit convert(String text) {
      Matcher matcher = MULTIPLE.matcher(text.strip());
      if (!matcher.matches()) {
        return new TimeLimit(new DurationConverter().convert(text), 0);
      }
      double factor = Double.parseDouble(matcher.group(1));
      if (factor <= 1) {
        throw new TypeConversionException("'" + text + "' must be more than 1x, the median itself");
      }
      return new TimeLimit(null, factor);
    }
  }

  /** Whether it is a multiple of the median. */
  public boolean isByMedian() {
    return fixed == null;
  }

  /** Refuses what can't be. */
  public void check() {
    if (fixed != null && (fixed.isZero() || fixed.isNegative())) {
      throw new UsageException("--timeout must be more than zero");
    }
  }
}
