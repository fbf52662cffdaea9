package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users can call names only types that they can name. The compiler's warning of it, {@code
 * -Xlint:exports}, is off: it warns of each {@code @Nullable} as well.
 */
class ExportedTypesTest {

  private static final Pattern EXPORTS = Pattern.compile("(?m)^\\s*exports ([\\w.]+);");

  @Test
  void exportedMembersNameExportedTypes() throws IOException {
    Set<String> exported =
        EXPORTS
            .matcher(Files.readString(Path.of("src/main/java/module-info.java")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    assertThat(exported).contains("dev.procpool", "dev.procpool.spi");

    List<String> hidden =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.procpool")
                .stream()
                .filter(type -> isVisible(type, exported))
                .flatMap(type -> type.getMembers().stream())
                .filter(ExportedTypesTest::isForUsers)
                .flatMap(
                    member ->
                        types(member)
                            .map(JavaClass::getBaseComponentType)
                            .filter(type -> type.getPackageName().startsWith("dev.procpool"))
                            .filter(type -> !isVisible(type, exported))
                            .map(type -> member.getFullName() + " names " + type.getName()))
                .toList();

    assertThat(hidden).isEmpty();
  }

  private static boolean isVisible(JavaClass type, Set<String> exported) {
    return exported.contains(type.getPackageName())
        && isForUsers(type.getModifiers())
        && type.getEnclosingClass().map(outer -> isVisible(outer, exported)).orElse(true);
  }

  private static boolean isForUsers(JavaMember member) {
    return isForUsers(member.getModifiers())
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  private static boolean isForUsers(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> types(JavaMember member) {
    if (member instanceof JavaCodeUnit code) {
      return Stream.of(
              code.getRawParameterTypes(),
              List.of(code.getRawReturnType()),
              code.getExceptionTypes())
          .flatMap(List::stream);
    }
    return Stream.of(((JavaField) member).getRawType());
  }
}
