package dev.procpool.cli.binding;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.binding.Target.Parameter;
import dev.procpool.cli.message.Counted;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.ConversionException;
import dev.procpool.cli.value.JsonConverter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How JSON lines become the arguments of a call: the whole value for {@link Mode#MAP}; the elements
 * of an array, or the properties of an object by parameter names, for {@link Mode#STARMAP}.
 * Immutable.
 */
public final class JsonBinding {

  private final Target target;
  private final List<Parameter> parameters;
  private final Mode mode;

  /** A value and where it stands. */
  private record Located(JsonNode node, int column) {}

  public JsonBinding(Target target, Mode mode) {
    this.target = target;
    this.parameters = target.parameters();
    this.mode = mode;
  }

  /**
   * Checks that a row has as many values as the method takes, or the names; not whether they
   * convert.
   *
   * @return what is wrong; null if nothing is, or the row is not JSON
   */
  public @Nullable String mismatch(Row row) {
    try {
      String mismatch = wrongNumber(read(row));
      return mismatch == null ? null : row.where() + " has " + mismatch;
    } catch (InvalidRowException e) {
      return e.isMisfit() ? e.getMessage() : null;
    }
  }

  private @Nullable String wrongNumber(List<Located> values) {
    int wanted = target.arity();
    return values.size() == wanted
        ? null
        : Counted.of(values.size(), "value") + ", but " + target.signature() + " takes " + wanted;
  }

  /** Converts a row. */
  Object[] bind(Row row) throws InvalidRowException {
    List<Located> values = read(row);
    String wrongNumber = wrongNumber(values);
    if (wrongNumber != null) {
      throw new InvalidRowException(row.where() + ": " + wrongNumber);
    }
    Object[] converted = new Object[parameters.size()];
    for (int i = 0; i < converted.length; i++) {
      Located value = values.get(i);
      try {
        converted[i] = JsonConverter.convert(value.node(), parameters.get(i).type());
      } catch (ConversionException e) {
        String known = parameters.get(i).name();
        String name = known == null ? "" : " (" + known + ")";
        throw new InvalidRowException(
            row.where() + ", column " + value.column() + name + ": " + e.getMessage());
      }
    }
    return converted;
  }

  private List<Located> read(Row row) throws InvalidRowException {
    try (JsonParser parser = JsonConverter.mapper().createParser(row.text())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new InvalidRowException(row.where() + ": no JSON value");
      }
      List<Located> values;
      if (mode == Mode.STARMAP && first == JsonToken.START_ARRAY) {
        values = elements(parser);
      } else if (mode == Mode.STARMAP && first == JsonToken.START_OBJECT) {
        values = byName(row, properties(parser));
      } else {
        values = List.of(value(parser));
      }
      if (parser.nextToken() != null) {
        throw invalid(row, parser.currentTokenLocation(), "more than one JSON value in the line");
      }
      return values;
    } catch (JsonProcessingException e) {
      throw invalid(row, e.getLocation(), "not JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new InvalidRowException(row.where() + ": " + e.getMessage());
    }
  }

  private static InvalidRowException invalid(Row row, @Nullable JsonLocation at, String message) {
    String column = at == null ? "" : ", column " + at.getColumnNr();
    return new InvalidRowException(row.where() + column + ": " + message);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static Located value(JsonParser parser) throws IOException {
    int column = parser.currentTokenLocation().getColumnNr();
    JsonNode node = JsonConverter.mapper().readTree(parser);
    return new Located(node, column);
  }

  private static List<Located> elements(JsonParser parser) throws IOException {
    List<Located> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return values;
  }

  private static Map<String, Located> properties(JsonParser parser) throws IOException {
    Map<String, Located> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      values.put(name, value(parser));
    }
    return values;
  }

  private List<Located> byName(Row row, Map<String, Located> properties)
      throws InvalidRowException {
    if (parameters.stream().anyMatch(parameter -> parameter.name() == null)) {
      throw InvalidRowException.misfit(
          row.where()
              + ": an object is spread by parameter names, but "
              + target.signature()
              + " was compiled without -parameters; write an array, or use map with a record");
    }
    List<Located> values = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Located value = properties.get(parameter.name());
      if (value == null) {
        throw InvalidRowException.misfit(
            row.where()
                + ": no property '"
                + parameter.name()
                + "' for "
                + target.signature()
                + "; it has "
                + properties.keySet());
      }
      values.add(value);
    }
    return values;
  }
}
