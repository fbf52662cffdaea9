package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which variables reach workers. */
class WorkerEnvironmentTest {

  private static Map<String, String> applied(
      boolean isInherited, Map<String, String> added, boolean isWindows, String... names) {
    Map<String, String> environment = new HashMap<>();
    for (String name : names) {
      environment.put(name, "parent's");
    }
    new WorkerEnvironment(isInherited, added).apply(environment, isWindows);
    return environment;
  }

  @Test
  void allByDefaultWithWhatIsAdded() {
    assertThat(applied(true, Map.of("A", "1", "B", "2"), false, "A", "TOKEN"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", "1", "B", "2", "TOKEN", "parent's"));
  }

  @Test
  void onlyWhatIsNeededAndWhatIsAdded() {
    String[] parents = {
      "PATH",
      "LANG",
      "LC_ALL",
      "LC_CTYPE",
      "TZ",
      "TMPDIR",
      "HOME",
      "path",
      "TOKEN",
      "LANGX",
      "JAVA_TOOL_OPTIONS",
      "JDK_JAVA_OPTIONS",
      "CLASSPATH",
      "LD_PRELOAD"
    };
    assertThat(applied(false, Map.of("MINE", "1"), false, parents))
        .containsOnlyKeys("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "MINE");
  }

  @Test
  void caseDoesNotCountOnWindows() {
    assertThat(
            applied(
                false, Map.of("temp", "mine"), true, "Path", "SystemRoot", "Temp", "LANG", "Token"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("Path", "parent's", "SystemRoot", "parent's", "temp", "mine"));
  }

  @Test
  void optionsOfJvmsAreOnlyThereIfAdded() {
    assertThat(
            applied(
                true,
                Map.of("JAVA_TOOL_OPTIONS", "-ea"),
                false,
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "_JAVA_OPTIONS",
                "A"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("JAVA_TOOL_OPTIONS", "-ea", "A", "parent's"));
  }
}
