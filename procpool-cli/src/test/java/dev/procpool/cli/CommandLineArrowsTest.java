package dev.procpool.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom in this module: dependencies run one way, and each package has one idea. */
class CommandLineArrowsTest {

  private static final String FACE = "dev.procpool.cli";

  /** The program itself. */
  private static final String PROGRAM = "";

  /** Each package, by its name below the program's, with those of this module it may import. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          // Text, values and files: know no row.
          entry("message", Set.of()),
          entry("value", Set.of()),
          entry("files", Set.of("message")),
          entry("text", Set.of("message")),
          // A row, and what becomes of it.
          entry("row", Set.of()),
          entry("reply", Set.of("message", "row", "value")),
          entry("input", Set.of("files", "message", "reply", "row", "text", "value")),
          // What is called. In a worker there are "task" and what it rests on.
          entry("binding", Set.of("message", "row", "value")),
          entry("source", Set.of("files", "message")),
          entry("target", Set.of("binding", "files", "input", "message", "row", "value")),
          entry("task", Set.of("binding", "message", "reply", "row", "target", "value")),
          // Where results go.
          entry("terminal", Set.of("message")),
          entry("journal", Set.of("binding", "files", "input", "message", "reply", "row", "value")),
          entry(
              "output",
              Set.of("binding", "journal", "message", "reply", "row", "terminal", "value")),
          // How a run goes, as the user wants it.
          entry("stop", Set.of("message", "reply", "terminal")),
          entry("limit", Set.of("message", "reply")),
          entry(
              "options",
              Set.of(
                  "binding",
                  "input",
                  "journal",
                  "limit",
                  "message",
                  "output",
                  "reply",
                  "stop",
                  "terminal",
                  "text")),
          entry("pool", Set.of("message", "options", "terminal")),
          entry("cluster", Set.of("message", "options", "pool")),
          entry("report", Set.of("limit", "message", "output", "reply", "row", "stop", "terminal")),
          entry(
              "run",
              Set.of(
                  "binding",
                  "files",
                  "input",
                  "journal",
                  "limit",
                  "message",
                  "options",
                  "output",
                  "pool",
                  "reply",
                  "report",
                  "row",
                  "source",
                  "stop",
                  "target",
                  "task",
                  "terminal",
                  "value")),
          // The program's other commands, and itself.
          entry("top", Set.of("limit", "message", "options", "terminal")),
          entry("shell", Set.of("options")),
          entry(
              PROGRAM,
              Set.of(
                  "binding",
                  "cluster",
                  "input",
                  "message",
                  "options",
                  "pool",
                  "run",
                  "shell",
                  "stop",
                  "task",
                  "terminal",
                  "text",
                  "top")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(FACE);

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  private static Set<JavaClass> importedBy(String name) {
    return CLASSES.stream()
        .filter(type -> below(type).equals(name))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .collect(toCollection(HashSet::new));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(FACE) || type.getPackageName().startsWith(FACE + ".");
  }

  private static String below(JavaClass type) {
    return type.getPackageName().equals(FACE)
        ? PROGRAM
        : type.getPackageName().substring(FACE.length() + 1);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageImportsOnlyWhatItsArrowsAllow(String name) {
    Set<String> imported =
        importedBy(name).stream()
            .filter(CommandLineArrowsTest::isOurs)
            .map(CommandLineArrowsTest::below)
            .filter(target -> !target.equals(name))
            .collect(toCollection(TreeSet::new));

    assertThat(imported).as("what %s imports", name).isSubsetOf(ARROWS.get(name));
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> found =
        CLASSES.stream().map(CommandLineArrowsTest::below).collect(toCollection(TreeSet::new));

    assertThat(found).isEqualTo(ARROWS.keySet());
  }

  @Test
  void noPackageCycle() {
    slices().matching(FACE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** Workers load these: the user's class path comes with other versions of our libraries. */
  @Test
  void whatRunsInWorkersKnowsNoOptionAndNoTerminal() {
    Set<String> reached = new TreeSet<>(Set.of("task"));
    for (boolean hasGrown = true; hasGrown; ) {
      hasGrown = reached.addAll(reached.stream().flatMap(n -> ARROWS.get(n).stream()).toList());
    }
    assertThat(reached).contains("value").doesNotContain("options", "terminal", "pool", "run");
  }
}
