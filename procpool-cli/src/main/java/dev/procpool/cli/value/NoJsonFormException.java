package dev.procpool.cli.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.procpool.guard.SafeText;
import java.util.stream.Collectors;

/** A value can't be written as JSON; the message says which and why. */
public final class NoJsonFormException extends Exception {

  private static final long serialVersionUID = 1L;

  private NoJsonFormException(Object value, String why, Throwable cause) {
    super(
        "the method returned a "
            + TextConverter.name(value.getClass())
            + ", which has no JSON form: "
            + why
            + "; return a record, list, map, text or number",
        cause);
  }

  /** What the library says about it. */
  static NoJsonFormException of(Object value, JsonProcessingException e) {
    Throwable cause = e.getCause();
    String why =
        cause == null || cause instanceof JsonProcessingException
            ? e.getOriginalMessage().lines().findFirst().orElse("")
            : "it threw " + SafeText.of(cause);
    String at = e instanceof JsonMappingException located ? at(located) : "";
    return new NoJsonFormException(value, why + at, cause == null ? e : cause);
  }

  /** Its own code, or its depth, was too much. */
  static NoJsonFormException of(Object value, Error e) {
    return new NoJsonFormException(value, "it threw " + SafeText.of(e), e);
  }

  /** Where in a value, as {@code lines[3].price}; of a cycle only its beginning. */
  static String at(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .limit(6)
            .map(r -> r.getFieldName() != null ? "." + r.getFieldName() : "[" + r.getIndex() + "]")
            .collect(Collectors.joining());
    return path.isEmpty()
        ? ""
        : " at "
            + (path.startsWith(".") ? path.substring(1) : path)
            + (e.getPath().size() > 6 ? "..." : "");
  }
}
