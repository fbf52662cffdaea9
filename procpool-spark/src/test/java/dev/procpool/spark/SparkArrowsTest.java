package dev.procpool.spark;

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

/**
 * Who may import whom in this module: the driver's side and the executor's meet in what they say.
 */
class SparkArrowsTest {

  private static final String FACE = "dev.procpool.spark";
  private static final String DRIVER = FACE + ".driver";
  private static final String EXECUTOR = FACE + ".executor";
  private static final String WIRE = FACE + ".wire";
  private static final String SLOTS = FACE + ".slots";
  private static final String SPARK = "org.apache.spark";

  /** Each package, with those of this module that it may import. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          FACE, Set.of(DRIVER),
          // It names one class of the executor's side: the task that it has Spark run there.
          DRIVER, Set.of(EXECUTOR, SLOTS, WIRE),
          EXECUTOR, Set.of(SLOTS, WIRE),
          WIRE, Set.of(SLOTS),
          // Which slot runs which items: knows no cluster.
          SLOTS, Set.of());

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(FACE);

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  private static Set<JavaClass> importedBy(String name) {
    return CLASSES.stream()
        .filter(type -> type.getPackageName().equals(name))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .collect(toCollection(HashSet::new));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageImportsOnlyWhatItsArrowsAllow(String name) {
    Set<String> imported =
        importedBy(name).stream()
            .map(JavaClass::getPackageName)
            .filter(target -> target.startsWith(FACE) && !target.equals(name))
            .collect(toCollection(TreeSet::new));

    assertThat(imported).as("what %s imports", name).isSubsetOf(ARROWS.get(name));
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> found =
        CLASSES.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new));

    assertThat(found).isEqualTo(ARROWS.keySet());
  }

  @Test
  void theDriverNamesOneClassOfTheExecutors() {
    assertThat(importedBy(DRIVER))
        .filteredOn(type -> type.getPackageName().equals(EXECUTOR))
        .extracting(JavaClass::getSimpleName)
        .containsExactly("SlotTask");
  }

  /** So that it can be simulated with a thousand executors, in virtual time. */
  @Test
  void theSchedulerOfSlotsKnowsNoSpark() {
    assertThat(importedBy(SLOTS)).noneMatch(type -> type.getPackageName().startsWith(SPARK));
  }
}
