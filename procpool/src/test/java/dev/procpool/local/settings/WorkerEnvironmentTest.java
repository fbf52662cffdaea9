package dev.procpool.local.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.local.ProcessPool;
import java.util.HashMap;
import java.util.List;
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

  @Test
  void whatNoProcessCanBeGivenIsRefusedByName() {
    for (Map<String, String> variables :
        List.of(Map.of("A=B", "1"), Map.of("", "1"), Map.of("A", "\0"), Map.of("A", "\uD83D"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ProcessPool.builder().environment(variables))
          .withMessageStartingWith("environment: ");
    }
  }

  @Test
  void aZoneOrLanguageThatIsAddedCountsMoreThanAnInheritedOne() {
    WorkerEnvironment zone = new WorkerEnvironment(true, Map.of("TZ", "Asia/Tokyo"));
    WorkerEnvironment language = new WorkerEnvironment(true, Map.of("LC_ALL", "de_DE.UTF-8"));
    assertThat(zone.decides("-Duser.timezone=UTC")).isTrue();
    assertThat(zone.decides("-Duser.language=en")).isFalse();
    assertThat(language.decides("-Duser.language=en")).isTrue();
    assertThat(language.decides("-Duser.country.format=US")).isTrue();
    assertThat(language.decides("-Duser.timezone=UTC")).isFalse();
    assertThat(language.decides("-Duser.home=/x")).isFalse();
  }
}
