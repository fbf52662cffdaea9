package dev.procpool.cli.target;

import dev.procpool.cli.message.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TARGET as it was written: {@code com.acme.Pricing::price}, {@code Price.java::price}, with
 * {@code (int,double)} to choose among overloads. Immutable.
 *
 * @param owner the class, or the path of a source file
 * @param method the method's name
 * @param parameterTypes the types in parentheses, as written; empty if there are no parentheses
 */
public record TargetSpec(String owner, String method, Optional<List<String>> parameterTypes) {

  private static final Pattern FORM =
      Pattern.compile("(?<owner>.+?)::(?<method>[^()\\s:]+)(\\((?<types>[^()]*)\\))?");

  public static TargetSpec parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new UsageException(
          "TARGET '"
              + text
              + "' is not of the form Class::method or File.java::method, as in java.lang.Math::pow");
    }
    Optional<List<String>> types =
        Optional.ofNullable(matcher.group("types"))
            .map(
                list ->
                    list.isBlank()
                        ? List.of()
                        : Arrays.stream(list.split(",", -1)).map(String::strip).toList());
    return new TargetSpec(matcher.group("owner"), matcher.group("method"), types);
  }

  public boolean isSource() {
    return owner.endsWith(".java");
  }
}
