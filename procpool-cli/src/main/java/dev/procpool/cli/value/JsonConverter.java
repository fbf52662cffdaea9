package dev.procpool.cli.value;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Converts between JSON and Java values, strictly: no number becomes text or is rounded, no unknown
 * property is passed over. Stateless but for the mapper, which is thread-safe.
 */
public final class JsonConverter {

  private JsonConverter() {}

  /** Made on first use: workers whose rows and values are plain never load Jackson. */
  private static final class Mapper {
    static final JsonMapper INSTANCE =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(ValueSerializers.module())
            .build();

    static {
      INSTANCE.setSerializerProvider(new ValueSerializers());
    }
  }

  public static JsonMapper mapper() {
    return Mapper.INSTANCE;
  }

  /** Reads a text as JSON of a type. */
  static @Nullable Object parse(String text, Type type) throws ConversionException {
    try (JsonParser parser = mapper().createParser(text)) {
      JsonNode node = mapper().readTree(parser);
      if (parser.nextToken() != null) {
        throw new ConversionException("more than one JSON value");
      }
      return convert(node, type);
    } catch (JsonProcessingException e) {
      throw new ConversionException(
          "'" + text + "' is not JSON, which " + TextConverter.name(type) + " needs");
    } catch (IOException e) {
      throw new ConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** Converts a JSON value to a type. */
  public static @Nullable Object convert(JsonNode node, Type type) throws ConversionException {
    Class<?> raw = type instanceof Class<?> plain ? plain : Object.class;
    if (node == null || node.isNull()) {
      if (raw.isPrimitive()) {
        throw new ConversionException("null, but " + raw.getName() + " needs a value");
      }
      return null;
    }
    if (raw != Object.class && TextConverter.isTextual(type)) {
      return scalar(node, raw);
    }
    try {
      return mapper().readerFor(mapper().constructType(type)).readValue(node);
    } catch (JsonMappingException e) {
      throw new ConversionException(reason(e) + NoJsonFormException.at(e));
    } catch (IOException e) {
      throw new ConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Object scalar(JsonNode node, Class<?> raw) throws ConversionException {
    boolean text = raw.isAssignableFrom(String.class);
    boolean fits =
        node.isTextual()
            ? !raw.isPrimitive() && !isNumberOrBoolean(raw) || raw == char.class
            : node.isValueNode() && !text && !raw.isEnum();
    if (!fits) {
      throw TextConverter.notA(node.toString(), raw);
    }
    return TextConverter.convert(node.isTextual() ? node.textValue() : node.asText(), raw);
  }

  private static boolean isNumberOrBoolean(Class<?> raw) {
    return raw == Boolean.class || Number.class.isAssignableFrom(raw);
  }

  private static String reason(JsonMappingException e) {
    String message = e.getOriginalMessage();
    return message.lines().findFirst().orElse("not convertible");
  }

  /**
   * Writes a value as one line of JSON.
   *
   * @throws NoJsonFormException if it has no such form, or can't be asked for it
   */
  public static String write(@Nullable Object value) throws NoJsonFormException {
    if (value == null || JsonText.isPlain(value)) {
      return JsonText.of(value);
    }
    try {
      return JsonText.escapeLoneSurrogates(mapper().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw NoJsonFormException.of(value, e);
    } catch (StackOverflowError | LinkageError e) {
      throw NoJsonFormException.of(value, e);
    }
  }
}
