package dev.procpool.cli.value;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Converts a piece of text to a parameter's type. Stateless, so thread-safe.
 *
 * <p>Space around the text counts only for {@code String}, {@code char} and paths. An empty text is
 * the empty {@code String}, an empty {@code Optional}, null for other references, an error for
 * primitives.
 */
public final class TextConverter {

  private static final Map<Class<?>, Function<String, ?>> PARSERS = parsers();
  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          int.class, Integer.class,
          long.class, Long.class,
          double.class, Double.class,
          float.class, Float.class,
          short.class, Short.class,
          byte.class, Byte.class,
          boolean.class, Boolean.class,
          char.class, Character.class);

  private TextConverter() {}

  private static Map<Class<?>, Function<String, ?>> parsers() {
    Map<Class<?>, Function<String, ?>> parsers = new HashMap<>();
    parsers.put(Integer.class, text -> Integer.valueOf(text.strip()));
    parsers.put(Long.class, text -> Long.valueOf(text.strip()));
    parsers.put(Double.class, text -> inRange(Double.valueOf(decimal(text)), text));
    parsers.put(Float.class, text -> inRange(Float.valueOf(decimal(text)), text));
    parsers.put(Short.class, text -> Short.valueOf(text.strip()));
    parsers.put(Byte.class, text -> Byte.valueOf(text.strip()));
    parsers.put(Boolean.class, TextConverter::toBoolean);
    parsers.put(Character.class, TextConverter::toCharacter);
    parsers.put(String.class, text -> text);
    parsers.put(CharSequence.class, text -> text);
    parsers.put(Object.class, text -> text);
    parsers.put(Number.class, text -> new BigDecimal(text.strip()));
    parsers.put(BigDecimal.class, text -> new BigDecimal(text.strip()));
    parsers.put(BigInteger.class, text -> new BigInteger(text.strip()));
    parsers.put(Path.class, TextConverter::toPath);
    parsers.put(File.class, File::new);
    parsers.put(URI.class, text -> URI.create(text.strip()));
    parsers.put(UUID.class, TextConverter::toUuid);
    parsers.put(ZoneId.class, text -> ZoneId.of(text.strip()));
    parsers.put(byte[].class, text -> text.getBytes(StandardCharsets.UTF_8));
    return parsers;
  }

  /** Tells whether a type is read from plain text, not from JSON. */
  public static boolean isTextual(Type type) {
    return type instanceof Class<?> raw
        && (PARSERS.containsKey(box(raw)) || raw.isEnum() || parseMethod(raw).isPresent());
  }

  /**
   * Converts a text, once; for many {@link #parser} is chosen.
   *
   * @param text the text
   * @param type the wanted type
   * @return the value; null for an empty text where the type has no empty value
   * @throws ConversionException if the text is not of the type
   */
  public static @Nullable Object convert(String text, Type type) throws ConversionException {
    return parser(type).parse(text);
  }

  /** Chooses what converts texts to a type. */
  public static TextParser parser(Type type) {
    Type bound = bound(type);
    if (bound != type) {
      return parser(bound);
    }
    Optionals optional = Optionals.of(type);
    if (optional != null) {
      TextParser element = parser(optional.elementType());
      return text -> text.isBlank() ? optional.empty() : optional.of(element.parse(text));
    }
    if (!isTextual(type)) {
      return text -> text.isBlank() ? null : JsonConverter.parse(text, type);
    }
    Class<?> raw = (Class<?>) type;
    TextParser parser = whole(raw, box(raw));
    boolean keepsEmpty = raw.isAssignableFrom(String.class) || raw == byte[].class;
    boolean keepsSpace = keepsSpace(raw);
    return text -> {
      if (text.isEmpty() ? !keepsEmpty : !keepsSpace && text.isBlank()) {
        if (raw.isPrimitive()) {
          throw new ConversionException("empty, but " + name(raw) + " needs a value");
        }
        return null;
      }
      return parser.parse(text);
    };
  }

  /** What a wildcard or a type variable may be is what it must at least be. */
  private static Type bound(Type type) {
    if (type instanceof WildcardType wildcard) {
      return wildcard.getUpperBounds()[0];
    }
    return type instanceof TypeVariable<?> variable ? variable.getBounds()[0] : type;
  }

  /** Chooses what converts texts that say something. */
  private static TextParser whole(Class<?> raw, Class<?> boxed) {
    Function<String, ?> known = PARSERS.get(boxed);
    if (known == null) {
      known = raw.isEnum() ? text -> constant(raw, text) : null;
    }
    if (known == null) {
      return byMethod(parseMethod(raw).orElseThrow(), raw);
    }
    Function<String, ?> parser = known;
    return text -> {
      try {
        return parser.apply(text);
      } catch (RuntimeException e) {
        throw notA(text, raw);
      }
    };
  }

  private static Object constant(Class<?> raw, String text) {
    return Arrays.stream(raw.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(text.strip()))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static TextParser byMethod(Method parse, Class<?> raw) {
    return text -> {
      try {
        return parse.invoke(null, text.strip());
      } catch (InvocationTargetException e) {
        throw notA(text, raw);
      } catch (IllegalAccessException e) {
        throw new ConversionException(name(raw) + " can't be made from text: " + e.getMessage());
      }
    };
  }

  /** Says that a text is not of a type. */
  static ConversionException notA(String text, Class<?> type) {
    String shown = text.length() > 60 ? text.substring(0, 57) + "..." : text;
    String message = "'" + shown + "' is not " + article(name(type));
    if (type.isEnum()) {
      message +=
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name()) // what it prints is for people
              .collect(Collectors.joining(", ", "; it has [", "]"));
    } else if (box(type) == Boolean.class) {
      message += "; write true or false";
    }
    return new ConversionException(message);
  }

  private static boolean keepsSpace(Class<?> raw) {
    return raw.isAssignableFrom(String.class)
        || box(raw) == Character.class
        || raw == Path.class
        || raw == File.class
        || raw == byte[].class;
  }

  /** Finds the ISO parser of the classes of java.time. */
  private static Optional<Method> parseMethod(Class<?> raw) {
    if (!raw.getName().startsWith("java.time.")) {
      return Optional.empty();
    }
    for (String factory : new String[] {"parse", "of"}) {
      for (Class<?> parameter : new Class<?>[] {CharSequence.class, String.class}) {
        try {
          Method method = raw.getMethod(factory, parameter);
          if (Modifier.isStatic(method.getModifiers())) {
            return Optional.of(method);
          }
        } catch (NoSuchMethodException e) {
          // not this one
        }
      }
    }
    return Optional.empty();
  }

  private static Boolean toBoolean(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  /** Gives the text of a number, if it is one outside Java's sources, too: 3d may be three days. */
  private static String decimal(String text) {
    String number = text.strip();
    if (number.isEmpty()
        || "dDfF".indexOf(number.charAt(number.length() - 1)) >= 0
        || number.indexOf('x') >= 0
        || number.indexOf('X') >= 0) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  /** Refuses what only has become infinite by being too large. */
  private static <N extends Number> N inRange(N number, String text) {
    if (Double.isInfinite(number.doubleValue()) && text.indexOf('I') < 0) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  /** Java would cut parts that are too long, and fill up those that are too short. */
  private static UUID toUuid(String text) {
    UUID id = UUID.fromString(text.strip());
    if (!id.toString().equalsIgnoreCase(text.strip())) {
      throw new IllegalArgumentException();
    }
    return id;
  }

  private static Character toCharacter(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException();
    }
    return text.charAt(0);
  }

  public static Path toPath(String text) {
    return text.startsWith("jrt:/") ? Path.of(URI.create(text)) : Path.of(text);
  }

  static Class<?> box(Class<?> type) {
    return BOXES.getOrDefault(type, type);
  }

  public static String name(Type type) {
    return type instanceof Class<?> raw ? raw.getSimpleName() : type.getTypeName();
  }

  private static String article(String noun) {
    return ("aeioAEIO".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }
}
