package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that README.md names for each point exist. */
class ClusterPointsTest {

  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

  /** Of another module. */
  private static final String ELSEWHERE = "ClusterProgramTest";

  private static final List<String> PACKAGES = List.of("", "driver.", "slots.", "executor.");

  @Test
  void eachTestThatIsNamedIsThere() throws Exception {
    String page = Files.readString(Path.of("README.md"));
    List<String> missing =
        TEST.matcher(page)
            .results()
            .filter(found -> !found.group(1).equals(ELSEWHERE))
            .filter(found -> !exists(found.group(1), found.group(2)))
            .map(found -> found.group())
            .toList();
    assertThat(missing).isEmpty();
    assertThat(page.lines().filter(line -> line.matches("\\| \\d+ \\|.*`\\w+Test.*")))
        .as("points that name a test")
        .hasSize(15);
  }

  private static boolean exists(String name, String method) {
    return PACKAGES.stream()
        .flatMap(inner -> find("dev.procpool.spark." + inner + name))
        .anyMatch(
            type ->
                method == null
                    || Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(each -> each.getName().equals(method)));
  }

  private static Stream<Class<?>> find(String name) {
    try {
      return Stream.of(Class.forName(name, false, ClusterPointsTest.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return Stream.empty();
    }
  }
}
