package dev.procpool.cli.binding;

import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.ConversionException;
import dev.procpool.cli.value.TextConverter;
import dev.procpool.cli.value.TextParser;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one argument made of a line or a file; {@code byte[]} takes a file's content. Immutable. */
final class SingleArgument {

  private static final TextParser PATH = TextConverter.parser(Path.class);

  private final boolean takesContent;
  private final TextParser parser;

  SingleArgument(Type type) {
    this.takesContent = type == byte[].class;
    this.parser = TextConverter.parser(type);
  }

  @Nullable Object of(Row row) throws InvalidRowException {
    try {
      return row.kind() == Row.Kind.FILE && takesContent
          ? Files.readAllBytes((Path) PATH.parse(row.text()))
          : parser.parse(row.text());
    } catch (IOException e) {
      throw new InvalidRowException(row.where() + ": can't be read: " + e);
    } catch (ConversionException e) {
      String column = row.kind() == Row.Kind.LINE ? ", column 1" : "";
      throw new InvalidRowException(row.where() + column + ": " + e.getMessage());
    }
  }
}
