package dev.procpool.architecture;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each method that the three ways through the code name is there, by that name. */
class WaysTest {

  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final Pattern METHOD = Pattern.compile("\\b([A-Z]\\w+)\\.([a-z]\\w+)\\b");

  @Test
  void theWaysNameMethodsThatThereAre() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("## Three ways through the code");
    int end = page.indexOf("### What the ways cost a reader");
    assertThat(begin).isPositive().isLessThan(end);

    JavaClasses core =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.procpool");
    Map<String, List<JavaClass>> bySimpleName =
        core.stream().collect(groupingBy(JavaClass::getSimpleName));
    TreeSet<String> missing = new TreeSet<>();
    int found = 0;
    Matcher named = METHOD.matcher(page.substring(begin, end));
    while (named.find()) {
      String method = named.group(2);
      boolean isThere =
          bySimpleName.getOrDefault(named.group(1), List.of()).stream()
              .flatMap(type -> type.getMethods().stream())
              .anyMatch(member -> member.getName().equals(method));
      found++;
      if (!isThere) {
        missing.add(named.group());
      }
    }
    assertThat(found).isGreaterThan(80);
    assertThat(missing).as("named in %s, and not there", PAGE).isEmpty();
  }
}
