package dev.procpool.local.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is first used when something ends is made ready before there may be no memory for it. */
class EndClassesTest {

  /** Enums of these packages that the start of any pool uses. */
  private static final Set<String> OF_THE_START =
      Set.of("dev.procpool.WorkerInfo$State", "dev.procpool.local.fleet.Worker$State");

  @Test
  void eachIsThere() throws Exception {
    for (String name : EndClasses.NAMES) {
      assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
    }
    EndClasses.initialize();
  }

  @Test
  void eachEnumOfOutcomesStatesAndReasonsIsAmongThem() {
    Set<String> enums = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.procpool")) {
      Set<String> packages = Set.of("dev.procpool", "dev.procpool.local.fleet");
      if (type.isEnum() && packages.contains(type.getPackageName())) {
        enums.add(type.getName());
      }
    }
    enums.removeAll(OF_THE_START);
    assertThat(EndClasses.NAMES)
        .as("an enum initialized in a full heap is lost")
        .containsAll(enums);
  }
}
