package dev.procpool.cli.options;

import dev.procpool.cli.message.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How many workers {@code --workers} asks for: a number, or a share of the processors. Immutable.
 *
 * @param fixed the number
 * @param percent the share; NaN if it is a number
 */
public record WorkerCount(int fixed, double percent) {

  /** Reads {@code 4} and {@code 50%}. Stateless. */
  static final class Converter implements ITypeConverter<WorkerCount> {

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,5}(?:\\.[0-9]{1,3})?)%");

    @Override
    public WorkerCount convert(String text) {
      Matcher share = SHARE.matcher(text.strip());
      if (share.matches()) {
        return new WorkerCount(0, Double.parseDouble(share.group(1)));
      }
      try {
        return new WorkerCount(Integer.parseInt(text.strip()), Double.NaN);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'" + text + "' is neither a number nor a share of the processors, as 50%");
      }
    }
  }

  boolean isShare() {
    return !Double.isNaN(percent);
  }

  /** Refuses what is none. */
  void check() {
    if (percent == 0) {
      throw new UsageException("--workers must be more than 0%");
    } else if (!isShare() && fixed < 1) {
      throw new UsageException("--workers must be at least 1, was " + fixed);
    }
  }

  /** Gives the number, at least 1. */
  int of(int processors) {
    return isShare() ? (int) Math.max(1, Math.round(processors * percent / 100)) : fixed;
  }
}
