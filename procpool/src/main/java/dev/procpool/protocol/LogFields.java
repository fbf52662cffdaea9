package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a log record has besides its message, until that is too much; the rest is left out.
 * Owned by one thread.
 */
final class LogFields {

  private static final int TEXT_CHARS = 4 * 1024;

  /** For all texts together. */
  private static final int MAX_CHARS = 64 * 1024;

  /** What a field costs besides its text. */
  private static final int FIELD_CHARS = 16;

  /** Each costs the reader some objects, even if it has no text. */
  private static final int MAX_FIELDS = MAX_CHARS / FIELD_CHARS;

  /** Stands in the place of what was cut. */
  private static final String CUT = " …";

  private static final byte TEXT = 0;
  private static final byte BOOLEAN = 1;
  private static final byte INTEGER = 2;
  private static final byte LONG = 3;
  private static final byte FLOAT = 4;
  private static final byte DOUBLE = 5;

  private final ByteOutput out;
  private int left = MAX_CHARS;

  LogFields(ByteOutput out) {
    this.out = out;
  }

  /** Writes names and values; those without a value are left out, as they say nothing. */
  void map(Map<String, ? extends @Nullable Object> map) {
    int at = out.size();
    out.putInt(0);
    int count = 0;
    for (Map.Entry<String, ? extends @Nullable Object> entry : map.entrySet()) {
      Object value = entry.getValue();
      String name = cut(String.valueOf(entry.getKey()), TEXT_CHARS);
      String text = value == null ? "" : cut(String.valueOf(value), TEXT_CHARS);
      if (value != null && fits(name.length() + text.length())) {
        text(name, out);
        out.putByte(type(value));
        text(text, out);
        count++;
      }
    }
    out.setInt(at, count);
  }

  /** Writes texts. */
  void list(List<String> texts) {
    int at = out.size();
    out.putInt(0);
    int count = 0;
    for (String each : texts) {
      String text = cut(each, TEXT_CHARS);
      if (fits(text.length())) {
        text(text, out);
        count++;
      }
    }
    out.setInt(at, count);
  }

  private boolean fits(int chars) {
    if (chars + FIELD_CHARS > left) {
      return false;
    }
    left -= chars + FIELD_CHARS;
    return true;
  }

  private static byte type(Object value) {
    if (value instanceof Boolean) {
      return BOOLEAN;
    } else if (value instanceof Integer) {
      return INTEGER;
    } else if (value instanceof Long) {
      return LONG;
    } else if (value instanceof Float) {
      return FLOAT;
    }
    return value instanceof Double ? DOUBLE : TEXT;
  }

  private static Object value(byte type, String text) throws ProtocolException {
    try {
      return value(text, type);
    } catch (NumberFormatException e) {
      throw new ProtocolException("a number that is none");
    }
  }

  private static Object value(String text, byte type) throws ProtocolException {
    return switch (type) {
      case TEXT -> text;
      case BOOLEAN -> Boolean.valueOf(text);
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      default -> throw new ProtocolException("a field of type " + type);
    };
  }

  static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) + CUT : text;
  }

  static void text(String text, ByteOutput out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  static void level(System.Logger.Level level, ByteOutput out) {
    out.putInt(level.getSeverity());
  }

  // ------------------------------------------------------------------ reading

  static System.Logger.Level readLevel(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Integer.BYTES);
    int severity = in.getInt();
    for (System.Logger.Level level : System.Logger.Level.values()) {
      if (level.getSeverity() == severity) {
        return level;
      }
    }
    throw new ProtocolException("a level of severity " + severity);
  }

  static Map<String, Object> readMap(ByteBuffer in) throws ProtocolException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int count = readCount(in); count > 0; count--) {
      String name = readText(in);
      ProtocolException.checkLength(in, Byte.BYTES);
      map.put(name, value(in.get(), readText(in)));
    }
    return map;
  }

  static Map<String, String> readTexts(ByteBuffer in) throws ProtocolException {
    Map<String, String> map = new LinkedHashMap<>();
    readMap(in).forEach((name, value) -> map.put(name, value.toString()));
    return map;
  }

  static List<String> readList(ByteBuffer in) throws ProtocolException {
    List<String> list = new ArrayList<>();
    for (int count = readCount(in); count > 0; count--) {
      list.add(readText(in));
    }
    return list;
  }

  private static int readCount(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Integer.BYTES);
    int count = in.getInt();
    ProtocolException.check(count >= 0 && count <= MAX_FIELDS, "a record of " + count + " fields");
    return count;
  }

  /** Reads what was {@linkplain #cut cut}. */
  static String readText(ByteBuffer in, int most) throws ProtocolException {
    String text = readText(in);
    ProtocolException.check(
        text.length() <= most + CUT.length(), "a text of " + text.length() + " characters");
    return text;
  }

  static String readText(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Integer.BYTES);
    int length = in.getInt();
    ProtocolException.check(
        length >= 0 && length <= in.remaining(), "a text of " + length + " bytes");
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
