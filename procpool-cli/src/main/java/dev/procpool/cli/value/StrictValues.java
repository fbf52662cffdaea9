package dev.procpool.cli.value;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DateDeserializers;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers.DoubleDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers.FloatDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.deser.DurationDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.LocalDateDeserializer;
import java.io.IOException;
import java.lang.reflect.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;

/**
 * Values within JSON that the library would read otherwise than they are read alone: a number as a
 * time, of which nobody knows whether it counts seconds, milliseconds or days, and a number too
 * large for its type as infinite. Stateless.
 */
final class StrictValues {

  private StrictValues() {}

  /** Gives the module that refuses these. */
  static SimpleModule module() {
    SimpleModule module = new SimpleModule(StrictValues.class.getName());
    add(module, Instant.class, InstantDeserializer.INSTANT);
    add(module, OffsetDateTime.class, InstantDeserializer.OFFSET_DATE_TIME);
    add(module, ZonedDateTime.class, InstantDeserializer.ZONED_DATE_TIME);
    add(module, Duration.class, DurationDeserializer.INSTANCE);
    add(module, LocalDate.class, LocalDateDeserializer.INSTANCE);
    add(module, Date.class, DateDeserializers.DateDeserializer.instance);
    add(module, Double.class, new DoubleDeserializer(Double.class, null));
    add(module, double.class, new DoubleDeserializer(double.class, 0.0));
    add(module, Float.class, new FloatDeserializer(Float.class, null));
    add(module, float.class, new FloatDeserializer(float.class, 0f));
    module.addDeserializer(double[].class, new Numbers<>(double[].class));
    module.addDeserializer(float[].class, new Numbers<>(float[].class));
    return module;
  }

  @SuppressWarnings("unchecked") // it gives what the usual one gives
  private static <T> void add(SimpleModule module, Class<T> type, JsonDeserializer<T> usual) {
    module.addDeserializer(type, (JsonDeserializer<T>) (JsonDeserializer<?>) new Strict(usual));
  }

  /**
   * Reads an array of numbers, each as it is read alone: the library has code of its own for them.
   *
   * @param <A> the array's type
   */
  private static final class Numbers<A> extends StdDeserializer<A> {
    private static final long serialVersionUID = 1L;

    private final Class<A> type;

    Numbers(Class<A> type) {
      super(type);
      this.type = type;
    }

    @Override
    public A deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.isExpectedStartArrayToken()) {
        return type.cast(context.handleUnexpectedToken(type, json));
      }
      Class<?> element = type.componentType();
      JsonDeserializer<?> reader =
          context.findRootValueDeserializer(context.constructType(element));
      Object numbers = Array.newInstance(element, 16);
      int size = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (size == Array.getLength(numbers)) {
          numbers = copy(numbers, size, 2 * size);
        }
        boolean isNull = json.hasToken(JsonToken.VALUE_NULL);
        Array.set(
            numbers,
            size++,
            isNull ? reader.getNullValue(context) : reader.deserialize(json, context));
      }
      return type.cast(copy(numbers, size, size));
    }

    private static Object copy(Object numbers, int size, int length) {
      Object copy = Array.newInstance(numbers.getClass().componentType(), length);
      System.arraycopy(numbers, 0, copy, 0, size);
      return copy;
    }
  }

  /** Reads as another does, but for these. */
  private static final class Strict extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Strict(JsonDeserializer<?> usual) {
      super(usual);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> usual) {
      return new Strict(usual);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.currentToken().isNumeric()) {
        return super.deserialize(json, context);
      }
      String text = json.getText();
      Object value = isTime() ? null : super.deserialize(json, context);
      if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
        return value;
      }
      return context.reportInputMismatch(
          this, "%s", TextConverter.notA(text, handledType()).getMessage());
    }

    private boolean isTime() {
      return !Number.class.isAssignableFrom(TextConverter.box(handledType()));
    }
  }
}
