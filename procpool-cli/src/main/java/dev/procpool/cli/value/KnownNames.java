package dev.procpool.cli.value;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names of the properties that values of a type have as JSON, where the type tells. Stateless.
 */
public final class KnownNames {

  private KnownNames() {}

  /**
   * Gives the names, in the order in which they are written.
   *
   * @return nothing if values may have others: of all types but records, which have no subclass,
   *     and of records whose annotations, or those of their interfaces, may say anything about
   *     their form
   */
  public static List<String> of(Type type) {
    if (!(type instanceof Class<?> raw) || !raw.isRecord() || isAnnotated(raw)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try {
      Iterator<PropertyWriter> properties =
          JsonConverter.mapper()
              .getSerializerProviderInstance()
              .findValueSerializer(raw)
              .properties();
      properties.forEachRemaining(property -> names.add(property.getName()));
    } catch (JsonMappingException | RuntimeException | LinkageError e) {
      return List.of(); // its values can't be written: their items will say why
    }
    return names;
  }

  private static boolean isAnnotated(Class<?> raw) {
    Stream<RecordComponent> components = Arrays.stream(raw.getRecordComponents());
    return Arrays.stream(raw.getInterfaces()).anyMatch(one -> !one.getName().startsWith("java."))
        || raw.getAnnotations().length > 0
        || components.anyMatch(one -> one.getAnnotations().length > 0)
        || Arrays.stream(raw.getDeclaredMethods()).anyMatch(one -> one.getAnnotations().length > 0);
  }
}
