package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Classes are named after what they are. These endings say only that something is done. */
class ClassNamesTest {

  private static final String EMPTY_ENDINGS = ".*(Util|Utils|Helper|Manager|Impl)";

  @Test
  void noClassHasANameThatSaysNothing() {
    JavaClasses all = new ClassFileImporter().importPackages("dev.procpool");

    assertThat(all.stream().map(JavaClass::getSimpleName))
        .isNotEmpty()
        .noneMatch(name -> name.matches(EMPTY_ENDINGS));
  }
}
