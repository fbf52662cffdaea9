package dev.procpool.cli.binding;

import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.ConversionException;
import dev.procpool.cli.value.TextConverter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one argument made of a line or a file; {@code byte[]} takes a file's content. Stateless. */
final class SingleArgument {

  private SingleArgument() {}

  static @Nullable Object of(Row row, Type type) throws InvalidRowException {
    try {
      if (row.kind() == Row.Kind.FILE && type == byte[].class) {
        return Files.readAllBytes((Path) TextConverter.convert(row.text(), Path.class));
      }
      return TextConverter.convert(row.text(), type);
    } catch (IOException e) {
      throw new InvalidRowException(row.where() + ": can't be read: " + e);
    } catch (ConversionException e) {
      String column = row.kind() == Row.Kind.LINE ? ", column 1" : "";
      throw new InvalidRowException(row.where() + column + ": " + e.getMessage());
    }
  }
}
