package dev.procpool;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How durations, bytes, rates and shares are written in a report: with two or three digits. */
final class Quantity {

  private static final long KILO = 1000;

  private Quantity() {}

  /** As {@code 1.2 ms}. */
  static String nanos(long nanos) {
    if (nanos < KILO) {
      return nanos + " ns";
    } else if (nanos < 1e6) {
      return digits(nanos / 1e3) + " us";
    } else if (nanos < 1e9) {
      return digits(nanos / 1e6) + " ms";
    }
    double seconds = nanos / 1e9;
    if (seconds < 600) {
      return digits(seconds) + " s";
    }
    return seconds < 7200 ? digits(seconds / 60) + " min" : digits(seconds / 3600) + " h";
  }

  /** As {@code 3.2 MB}, of a thousand each. */
  static String bytes(long bytes) {
    if (bytes < KILO) {
      return bytes + " bytes";
    } else if (bytes < 1e6) {
      return digits(bytes / 1e3) + " kB";
    } else if (bytes < 1e9) {
      return digits(bytes / 1e6) + " MB";
    }
    return digits(bytes / 1e9) + " GB";
  }

  /** A number of events a second. */
  static String perSecond(long events, long nanos) {
    return nanos <= 0 ? "0" : digits(1e9 * events / nanos);
  }

  /** As {@code 62 %}. */
  static String percent(long part, long whole) {
    return whole <= 0 ? "0 %" : Math.round(100.0 * part / whole) + " %";
  }

  /** As it is, with one place after the point if it is small, with more if it would be 0. */
  static String digits(double value) {
    if (value > 0 && value < 0.1) {
      return BigDecimal.valueOf(value).round(new MathContext(1)).toPlainString();
    }
    return value >= 10 || value == Math.rint(value)
        ? String.valueOf(Math.round(value))
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
