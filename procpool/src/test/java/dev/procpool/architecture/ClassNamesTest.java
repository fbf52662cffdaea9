package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Classes are named after what they are, and found by their names. */
class ClassNamesTest {

  private static final String EMPTY_ENDINGS = ".*(Util|Utils|Helper|Manager|Impl)";

  /** These endings say only that something is done. */
  @Test
  void noClassHasANameThatSaysNothing() {
    JavaClasses all = new ClassFileImporter().importPackages("dev.procpool");

    assertThat(all.stream().map(JavaClass::getSimpleName))
        .isNotEmpty()
        .noneMatch(name -> name.matches(EMPTY_ENDINGS));
  }

  /** Whoever moves a class may not see that its name stands in a string. */
  @Test
  void classesThatStringsNameExist() throws IOException {
    Pattern name = Pattern.compile("\"(dev\\.procpool\\.[a-z.]+\\.[A-Z]\\w*)\"");
    List<String> missing = new ArrayList<>();
    int found = 0;
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher match = name.matcher(Files.readString(file));
        while (match.find()) {
          found++;
          if (getClass().getResource("/" + match.group(1).replace('.', '/') + ".class") == null) {
            missing.add(match.group(1) + " in " + file);
          }
        }
      }
    }

    assertThat(found).isPositive();
    assertThat(missing).isEmpty();
  }
}
