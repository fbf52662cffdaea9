package dev.procpool.cli.value;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CacheProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.DefaultSerializerProvider;
import com.fasterxml.jackson.databind.ser.SerializerFactory;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.Future;

/**
 * Finds how values are written as JSON, or refuses: what has no properties is written as its text,
 * if it has a text of its own and not {@code Priv@3c22fc4c}; what only stands for a value, as a
 * future or a stream of bytes, is refused, though it has properties. Made once a mapper;
 * thread-safe.
 */
final class ValueSerializers extends DefaultSerializerProvider {

  private static final long serialVersionUID = 1L;

  private static final List<Class<?>> REFUSED =
      List.of(
          Future.class,
          InputStream.class,
          OutputStream.class,
          Reader.class,
          Writer.class,
          Channel.class,
          Spliterator.class,
          Process.class,
          Thread.class,
          ClassLoader.class);

  private static final ClassValue<Boolean> HAS_TEXT =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.getMethod("toString").getDeclaringClass() != Object.class;
          } catch (NoSuchMethodException e) {
            return false;
          }
        }
      };

  ValueSerializers() {}

  private ValueSerializers(ValueSerializers from) {
    super(from);
  }

  private ValueSerializers(
      SerializerProvider from, SerializationConfig config, SerializerFactory factory) {
    super(from, config, factory);
  }

  private ValueSerializers(ValueSerializers from, CacheProvider caches) {
    super(from, caches);
  }

  @Override
  public ValueSerializers withCaches(CacheProvider caches) {
    return new ValueSerializers(this, caches);
  }

  @Override
  public ValueSerializers copy() {
    return new ValueSerializers(this);
  }

  @Override
  public ValueSerializers createInstance(SerializationConfig config, SerializerFactory factory) {
    return new ValueSerializers(this, config, factory);
  }

  @Override
  public JsonSerializer<Object> getUnknownTypeSerializer(Class<?> type) {
    return new OwnText();
  }

  /** The module that goes with it. */
  static SimpleModule module() {
    SimpleModule module = new SimpleModule();
    module.addSerializer(Path.class, ToStringSerializer.instance);
    REFUSED.forEach(type -> module.addSerializer(type, new Refusal<>()));
    return module.setSerializerModifier(
        new BeanSerializerModifier() {
          private static final long serialVersionUID = 1L;

          /** Any annotation, as that of functional interfaces, lets the library write {}. */
          @Override
          public JsonSerializer<?> modifySerializer(
              SerializationConfig config,
              BeanDescription description,
              JsonSerializer<?> serializer) {
            boolean empty =
                serializer instanceof BeanSerializer
                    && !serializer.properties().hasNext()
                    && description.findAnyGetter() == null
                    && !description.getBeanClass().isRecord();
            return empty ? new OwnText() : serializer;
          }

          @Override
          public JsonSerializer<?> modifyKeySerializer(
              SerializationConfig config,
              JavaType type,
              BeanDescription description,
              JsonSerializer<?> serializer) {
            @SuppressWarnings("unchecked") // it writes keys, whatever they are
            JsonSerializer<Object> any = (JsonSerializer<Object>) serializer;
            return type.hasRawClass(String.class) ? serializer : new Key(any);
          }
        });
  }

  private static String textOf(Object value, JsonGenerator out) throws JsonMappingException {
    String text = HAS_TEXT.get(value.getClass()) ? value.toString() : null;
    String identity =
        value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
    if (text == null || text.contains(identity)) {
      throw JsonMappingException.from(
          out,
          TextConverter.name(value.getClass())
              + " has neither public fields nor getters, nor a toString() of its own");
    }
    return text;
  }

  /** Writes what has no properties. */
  private static final class OwnText extends StdSerializer<Object> {
    private static final long serialVersionUID = 1L;

    OwnText() {
      super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(textOf(value, out));
    }
  }

  /** Writes a key as it is usually written, if it has a text at all. */
  private static final class Key extends StdSerializer<Object> {
    private static final long serialVersionUID = 1L;

    private final transient JsonSerializer<Object> usual;

    Key(JsonSerializer<Object> usual) {
      super(Object.class);
      this.usual = usual;
    }

    @Override
    public void serialize(Object key, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (!(key instanceof String)) {
        textOf(key, out);
      }
      usual.serialize(key, out, provider);
    }
  }

  /** Writes nothing. */
  private static final class Refusal<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;

    Refusal() {
      super(Object.class, false);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      throw JsonMappingException.from(
          out, TextConverter.name(value.getClass()) + " is no value, but a way to one");
    }
  }
}
