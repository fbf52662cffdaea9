package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.reply.ResultJson;
import dev.procpool.cli.value.KnownNames;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A text with places for parts of a result: {@code {args.0}: {value.size}\t{ms}}. Two braces stand
 * for one, {@code \t} and {@code \n} for a tab and a new line. Immutable.
 */
final class Template {

  private static final Set<String> FIELDS =
      Set.of(
          "index", "args", "status", "value", "error", "printed", "starts", "ms", "pid", "key",
          "attempt");
  private static final Set<String> OF_FAILURES = Set.of("status", "error");

  /** A piece of text, or the path of a part. */
  private record Piece(String text, String @Nullable [] path) {}

  private final List<Piece> pieces = new ArrayList<>();

  private Template() {}

  static Template parse(String text) {
    Template template = new Template();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      if ((c == '{' || c == '}') && next == c) {
        plain.append(c);
        i++;
      } else if (c == '\\' && (next == 't' || next == 'n' || next == '\\')) {
        plain.append(next == 't' ? '\t' : next == 'n' ? '\n' : '\\');
        i++;
      } else if (c == '{') {
        int end = text.indexOf('}', i);
        String name = end < 0 ? text.substring(i) : text.substring(i + 1, end);
        template.pieces.add(new Piece(plain.toString(), path(name)));
        plain.setLength(0);
        i = end;
      } else {
        plain.append(c);
      }
    }
    template.pieces.add(new Piece(plain.toString(), null));
    return template;
  }

  private static String[] path(String name) {
    String[] path = name.split("\\.", -1);
    if (!FIELDS.contains(path[0])) {
      throw new UsageException(
          "--print: '{"
              + name
              + "}' is no part of a result: write {value}, {value.name}, {args.0}, {index},"
              + " {status}, {error.message}, {ms} or {pid}; {{ for a brace");
    }
    return path;
  }

  /** Refuses a property of the value that no result of this type has. */
  void check(Type result) {
    for (String[] path : parts()) {
      List<String> names = path[0].equals("value") ? KnownNames.of(result) : List.of();
      if (!names.isEmpty() && !names.contains(path[1])) {
        throw new UsageException(
            "--print: no result has '{"
                + String.join(".", path)
                + "}'; "
                + NearNames.instead(path[1], names));
      }
    }
  }

  /** Gives the paths of those parts that a result may have or lack: {@code value.name}. */
  List<String[]> parts() {
    return pieces.stream()
        .map(Piece::path)
        .filter(path -> path != null && path.length > 1)
        .collect(Collectors.toList());
  }

  /** Tells whether it says something of items that are not ok. */
  boolean asksForFailures() {
    return pieces.stream().anyMatch(p -> p.path() != null && OF_FAILURES.contains(p.path()[0]));
  }

  String fill(JsonNode result) {
    StringBuilder all = new StringBuilder();
    for (Piece piece : pieces) {
      all.append(piece.text());
      if (piece.path() != null) {
        all.append(ResultJson.text(part(result, piece.path())));
      }
    }
    return all.toString();
  }

  /** Gives a part of a result; {@linkplain JsonNode#isMissingNode() missing} if it has none. */
  static JsonNode part(JsonNode result, String... path) {
    JsonNode part = result;
    for (String name : path) {
      boolean number = part.isArray() && name.matches("[0-9]{1,9}");
      part = number ? part.path(Integer.parseInt(name)) : part.path(name);
    }
    return part;
  }
}
