package dev.procpool.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is read from class files. */
class ClassFileTest {

  private static int field = 1;

  private static int uses(int first, long second, String third) {
    return switch (first + third.length()) {
      case 1, 2, 3 -> field;
      case 100, 20000 -> List.of(second).size();
      default -> third.hashCode();
    };
  }

  private static ClassFile here() throws Exception {
    try (InputStream in = ClassFileTest.class.getResourceAsStream("ClassFileTest.class")) {
      return ClassFile.read(in.readAllBytes());
    }
  }

  @Test
  void theConstantsOfAMethod() throws Exception {
    assertThat(uses(1, 2, "")).isEqualTo(1);
    ClassFile file = here();
    Set<String> used = new TreeSet<>();
    file.constantsOf(
        "uses(IJLjava/lang/String;)I",
        index -> {
          int tag = file.constants().tag(index);
          if (tag >= ConstantPool.FIELD && tag <= ConstantPool.INTERFACE_METHOD) {
            used.add(file.constants().name(index));
          }
        });
    assertThat(used).containsExactly("field", "hashCode", "length", "of", "size", "valueOf");
  }

  @Test
  void theNamesOfParameters() throws Exception {
    String method = "uses(IJLjava/lang/String;)I";
    assertThat(here().parameter(method, 0)).isEqualTo("first");
    assertThat(here().parameter(method, 1)).isEqualTo("second");
    assertThat(here().parameter(method, 3)).as("a long takes two slots").isEqualTo("third");
    assertThat(here().parameter(method, 9)).isNull();
  }

  /** Every instruction there is, in code of every age of compiler. */
  @Test
  void theClassesOfTheJdk() throws Exception {
    Path packages =
        FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/java.base/java/util");
    List<String> failed = new ArrayList<>();
    int[] constants = {0};
    try (Stream<Path> files = Files.walk(packages)) {
      for (Path path : files.filter(file -> file.toString().endsWith(".class")).toList()) {
        try {
          ClassFile file = ClassFile.read(Files.readAllBytes(path));
          for (String method : file.methods()) {
            file.constantsOf(
                method, index -> constants[0] += file.constants().tag(index) > 0 ? 1 : 0);
          }
        } catch (Exception | AssertionError e) {
          failed.add(path + ": " + e);
        }
      }
    }
    assertThat(failed).isEmpty();
    assertThat(constants[0]).isGreaterThan(20_000);
  }

  @Test
  void whatIsNoClassFile() {
    assertThatIOException().isThrownBy(() -> ClassFile.read(new byte[0]));
    assertThatIOException().isThrownBy(() -> ClassFile.read(new byte[100]));
    assertThatIOException()
        .isThrownBy(() -> ClassFile.read("not a class file at all".getBytes("US-ASCII")));
  }
}
