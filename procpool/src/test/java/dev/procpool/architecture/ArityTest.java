package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What takes three to six arguments reads as what takes two: it is derived from it, and compared.
 * So a change is made to arity 2 alone, and this test says what to paste for the others.
 */
class ArityTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/procpool");

  private static final Pattern OF_TWO =
      Pattern.compile("\\b(Task|Args|Action|Spread|Returning)2\\b");
  private static final Pattern OF_MORE =
      Pattern.compile("\\b(Task|Args|Action|Spread|Returning)[3-6]\\b");

  @ParameterizedTest
  @ValueSource(strings = {"Task", "Action", "Args"})
  void typesReadAsThatOfTwo(String name) throws IOException {
    String two = read("function/" + name + "2.java");
    List<String> faults = new ArrayList<>();
    for (int arity = Arity.LEAST; arity <= Arity.MOST; arity++) {
      String file = "function/" + name + arity + ".java";
      String wanted = Arity.derive(two, arity);
      if (!Arity.isSame(read(file), wanted)) {
        faults.add(file + " has to read:\n\n" + wanted);
      }
    }
    assertNone(faults);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pool.java", "function/Tasks.java", "function/Args.java"})
  void membersReadAsThoseOfTwo(String file) throws IOException {
    List<String> members = members(read(file));
    List<String> found = members.stream().filter(m -> OF_MORE.matcher(m).find()).toList();
    List<String> twos =
        members.stream()
            .filter(m -> OF_TWO.matcher(m).find() && !OF_MORE.matcher(m).find())
            .toList();
    assertThat(twos).as("members of %s that take two arguments", file).isNotEmpty();
    List<String> wanted = twos.stream().flatMap(ArityTest::more).toList();
    List<String> faults = new ArrayList<>();
    wanted.stream()
        .filter(w -> found.stream().noneMatch(f -> Arity.isSame(f, w)))
        .forEach(w -> faults.add(file + " has to have:\n\n" + w));
    found.stream()
        .filter(f -> wanted.stream().noneMatch(w -> Arity.isSame(f, w)))
        .forEach(f -> faults.add(file + " has, and arity 2 says otherwise:\n\n" + f));
    assertNone(faults);
  }

  private static Stream<String> more(String two) {
    return Stream.iterate(Arity.LEAST, n -> n <= Arity.MOST, n -> n + 1)
        .map(n -> Arity.derive(two, n));
  }

  private static void assertNone(List<String> faults) {
    assertThat(String.join("\n\n", faults))
        .as(
            "If arity 2 is right, paste what follows in place of the others and run"
                + " mvn spotless:apply")
        .isEmpty();
  }

  /** What is set apart by empty lines in the body of a class, without the head of the file. */
  private static List<String> members(String source) {
    String[] parts = source.split("\n\n(?= {2}\\S)");
    return List.of(parts).subList(1, parts.length).stream()
        .map(part -> part.replaceAll("\n}\\s*$", "")) // that of the class, after its last member
        .toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(SOURCES.resolve(file));
  }
}
