package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide and the README name as {@code Type.member} of procpool's is there. */
class GuideNamesTest {

  private static final List<String> PACKAGES =
      List.of("dev.procpool", "dev.procpool.local", "dev.procpool.inline", "dev.procpool.spi");

  /** A type and its member, in a span of code; Python names have underlines. */
  private static final Pattern NAME =
      Pattern.compile("\\b([A-Z]\\w+)\\.([a-z][A-Za-z0-9]*|[A-Z_]{3,})\\b");

  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

  @Test
  void everyMemberThatIsNamedIsThere() throws IOException {
    Set<String> found = new TreeSet<>();
    Set<String> missing = new TreeSet<>();
    for (GuidePage page : GuidePage.all()) {
      Matcher code = CODE.matcher(Files.readString(page.file()));
      while (code.find()) {
        for (MatchResult name : NAME.matcher(code.group(1)).results().toList()) {
          type(name.group(1))
              .ifPresent(
                  type -> {
                    String what = name.group();
                    (has(type, name.group(2)) ? found : missing).add(page + ": " + what);
                  });
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(30);
    assertThat(missing).as("members that pages name and that there are not").isEmpty();
  }

  private static Optional<Class<?>> type(String name) {
    for (String folder : PACKAGES) {
      try {
        return Optional.of(
            Class.forName(folder + "." + name, false, GuideNamesTest.class.getClassLoader()));
      } catch (ClassNotFoundException e) {
        // of another package, or none of ours
      }
    }
    return Optional.empty();
  }

  private static boolean has(Class<?> type, String member) {
    return Arrays.stream(type.getMethods()).map(Method::getName).anyMatch(member::equals)
        || Arrays.stream(type.getFields()).map(Field::getName).anyMatch(member::equals)
        || member.equals("java"); // a file of that name
  }
}
