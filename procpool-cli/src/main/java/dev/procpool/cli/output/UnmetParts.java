package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.message.NearNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts that a template asks for and that no result has had yet: each may be mistyped, or a
 * property that some values lack. Used by one thread.
 */
final class UnmetParts {

  private final List<String[]> unmet;
  private final List<String> names = new ArrayList<>();

  /** What results have had: the value, if one was ok, the error, if one was not. */
  private final Set<String> roots = new HashSet<>();

  UnmetParts(Template template) {
    unmet = template.parts();
  }

  /** Takes note of a result that is printed. */
  void sees(JsonNode result) {
    if (unmet.isEmpty()) {
      return;
    }
    unmet.removeIf(path -> !Template.part(result, path).isMissingNode());
    for (String[] path : unmet) {
      if (result.has(path[0])) {
        roots.add(path[0]);
      }
    }
    if (names.isEmpty()) {
      result.path("value").fieldNames().forEachRemaining(names::add);
    }
  }

  /** Says of a part that no result has had, though results had that which it would be a part of. */
  Optional<String> complaint() {
    return unmet.stream().filter(path -> roots.contains(path[0])).findFirst().map(this::complain);
  }

  private String complain(String[] path) {
    String text = "--print: no result had '{" + String.join(".", path) + "}'";
    return path[0].equals("value") && !names.isEmpty()
        ? text + "; of the first value: " + NearNames.instead(path[1], names)
        : text;
  }
}
