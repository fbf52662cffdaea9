package dev.procpool.cli.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Writes plain values as JSON without a library. Stateless, so thread-safe. */
public final class JsonText {

  private JsonText() {}

  /** Tells whether {@link #of} can write a value. */
  static boolean isPlain(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger
        || value instanceof BigDecimal;
  }

  /** Tells whether all values of a type are plain; those of {@code void} are null. */
  public static boolean isAlwaysPlain(Class<?> type) {
    return type.isPrimitive()
        || type == String.class
        || type == Boolean.class
        || type == Character.class
        || type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Float.class
        || type == Short.class
        || type == Byte.class
        || BigInteger.class.isAssignableFrom(type)
        || BigDecimal.class.isAssignableFrom(type);
  }

  /** Writes a plain value; NaN and the infinities, which JSON lacks, become strings. */
  public static String of(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof Double d && !Double.isFinite(d)
        || value instanceof Float f && !Float.isFinite(f)) {
      return quote(value.toString());
    }
    return value instanceof Number ? value.toString() : quote(value.toString());
  }

  /** Writes a text as a JSON string. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || isLoneSurrogate(text, i) || c == '\u2028' || c == '\u2029') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /** Escapes in a text, as JSON does it, what no encoding can write. */
  public static String escapeLoneSurrogates(String json) {
    @Nullable StringBuilder escaped = null;
    for (int i = 0; i < json.length(); i++) {
      if (Character.isSurrogate(json.charAt(i)) && isLoneSurrogate(json, i)) {
        escaped = escaped == null ? new StringBuilder(json.substring(0, i)) : escaped;
        escaped.append(String.format("\\u%04x", (int) json.charAt(i)));
      } else if (escaped != null) {
        escaped.append(json.charAt(i));
      }
    }
    return escaped == null ? json : escaped.toString();
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
