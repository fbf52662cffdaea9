package dev.procpool.cli.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a TARGET can be, and what is said before any worker starts if it can't. */
class TargetTest {

  private static final String SAMPLES = "dev.procpool.cli.Samples";

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.Math             | TARGET 'java.lang.Math' is not of the form Class::method
          Samples::price             | there is no class 'Samples'; say where it is with --classpath
          @::pric                    | dev.procpool.cli.Samples has no method 'pric'; did you mean price?
          @::zzzzzzzz                | dev.procpool.cli.Samples has no method 'zzzzzzzz'; it has arity(int), arity(int,int), arity(int,int,int), bytes
          @::over                    | dev.procpool.cli.Samples::over is overloaded; choose one of 'over(String,long)', 'over(int,int)'
          @::over(int)               | dev.procpool.cli.Samples has no over(int); it has 'over(String,long)', 'over(int,int)'
          @::none                    | Samples.none() takes no argument, so no row can be given
          @::mixed                   | line 1 has 2 fields, but Samples.mixed(
          @.Unmakeable::tell         | Unmakeable.tell(String
          Nowhere.java::tell         | TARGET: there is no source file Nowhere.java
          """)
  void wrongTargetsAreToldBeforeAnyWorkerStarts(String target, String message) {
    int exit = cli.run("1,2\n", "starmap", target.replace("@", SAMPLES));

    assertThat(cli.err).startsWith("procpool: " + message).doesNotContain("\tat ");
    assertThat(exit).isEqualTo(2);
    assertThat(cli.opened).isEmpty();
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void mapNeedsOneParameter() {
    assertThat(cli.run("1\n", "map", SAMPLES + "::price")).isEqualTo(2);
    assertThat(cli.err).contains("takes 2 arguments, but map gives one a row; starmap spreads");
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void aLineIsOneArgument() {
    assertThat(cli.run("1\n", "starmap", SAMPLES + "::price", "-f", "lines")).isEqualTo(2);
    assertThat(cli.err).contains("a line is one: give --format csv, tsv or jsonl");
  }

  @Test
  void aHeaderOfAnotherWidthIsTold() {
    assertThat(cli.run("a,b,c\n1,2,3\n", "starmap", SAMPLES + "::price", "--header")).isEqualTo(2);
    assertThat(cli.err).contains("the header has 3 fields, but Samples.price(");
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void jsonOfAnotherWidthIsTold() {
    assertThat(cli.run("[1,2,3]\n", "starmap", SAMPLES + "::price", "-f", "jsonl")).isEqualTo(2);
    assertThat(cli.err).contains("line 1 has 3 values, but Samples.price(").contains("takes 2");
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void namesNearClassesOfTheClassPath() throws Exception {
    CommandLineFixture.write(directory.resolve("Marker.class"), "");
    Files.createDirectories(directory.resolve("com/acme"));
    CommandLineFixture.write(directory.resolve("com/acme/Pricing.class"), "");

    cli.run("", "map", "com.acme.Prising::price", "--classpath", directory.toString());
    assertThat(cli.err).contains("did you mean com.acme.Pricing?");
    cli.run("", "map", "org.other.Pricing::price", "--classpath", directory.toString());
    assertThat(cli.err).contains("did you mean com.acme.Pricing?");
  }

  @Test
  void aMissingClassPathEntryIsTold() {
    assertThat(cli.run("", "map", "a.B::c", "-c", "nowhere.jar")).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: --classpath: 'nowhere.jar' does not exist");
  }

  @Test
  void callsOverloadsInstancesHiddenMethodsAndTheJdk() {
    assertThat(cli.run("a,2\n", "starmap", SAMPLES + "::over(String,long)")).isZero();
    assertThat(cli.run("a\n", "map", SAMPLES + "::hidden")).isZero();
    assertThat(cli.run("a\nb\n", "map", SAMPLES + ".Counter::count")).isZero();
    assertThat(cli.run("2,10\n", "starmap", "Math::pow")).isZero();
    assertThat(cli.results().stream().map(r -> r.get("value").asText()))
        .containsExactly("text and long", "hidden a", "a 1", "b 2", "1024.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          map     | String::strip                        |              | \\ta\\s   | "a"
          map     | java.lang.String::length()           |              | abc      | 3
          map     | java.time.LocalDate::getDayOfWeek    |              | 2024-01-02 | "TUESDAY"
          map     | java.util.List::size                 | --format=jsonl | [1,2]  | 2
          map     | java.util.ArrayList::isEmpty         | --format=jsonl | []     | true
          map     | CharSequence::isEmpty                |              | a        | false
          starmap | String::repeat                       |              | ab,2     | "abab"
          starmap | java.math.BigDecimal::movePointLeft  |              | 12.5,1   | 1.25
          starmap | java.math.BigDecimal::setScale(int,RoundingMode) | | 12.55,1,DOWN | 12.5
          starmap | String::lines                        |              | "a\\nb"   | ["a","b"]
          map     | @$Order::id                          | --format=csv | a,1,,2   | "a"
          map     | @::arity                             |              | 1        | 1
          starmap | @::arity                             |              | 1,2      | 2
          starmap | @::arity                             | --format=jsonl | [1,2,3] | 3
          starmap | Integer::toString(int)               |              | 12       | "12"
          starmap | Integer::toString                    |              | 12,16    | "c"
          """)
  void methodsAreMeantAsJavaMeansThemAndByWhatARowHas(
      String mode, String target, String option, String row, String value) {
    String named = target.replace("@", SAMPLES);
    String text = row.translateEscapes() + "\n";

    int exit = option == null ? cli.run(text, mode, named) : cli.run(text, mode, named, option);

    assertThat(exit).as(cli.err).isZero();
    assertThat(cli.results().get(0).get("value")).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          starmap | Integer::toString  | 1       | java.lang.Integer::toString is overloaded; choose one of 'toString()', 'toString(int)'
          starmap | @::arity           | 1,2,3,4 | dev.procpool.cli.Samples::arity is overloaded, and none fits the first row; choose one of 'arity(int)', 'arity(int,int)', 'arity(int,int,int)'
          starmap | String::strip      | a,b     | line 1 has 2 fields, but String.strip(String this) takes 1
          map     | String::repeat     | a       | String.repeat(String this, int) takes 2 arguments, but map gives one a row
          starmap | Math::pow          | 1;2     | line 1 has 1 field, but Math.pow(double, double) takes 2; is it separated by ';'? --delimiter ';'
          """)
  void whatRowsDoNotTellIsAsked(String mode, String target, String row, String message) {
    assertThat(cli.run(row + "\n", mode, target.replace("@", SAMPLES))).isEqualTo(2);

    assertThat(cli.err).startsWith("procpool: " + message);
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void aMethodOfNothingIsNotCalled() {
    assertThat(cli.run("1.5,1\n,1\n", "starmap", "java.math.BigDecimal::movePointLeft")).isOne();

    assertThat(cli.results().get(1).get("status").asText()).isEqualTo("invalid");
    assertThat(cli.err)
        .contains("line 2: null, but BigDecimal.movePointLeft(BigDecimal this, int)");
  }

  @Test
  void compilesASourceFileAndCleansUp() {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Twice.java"),
            """
            package some.where;
            class Other { static String twice(String text) { return text + text; } }
            public class Twice {
              static Object twice(String text) { return Other.twice(text); }
            }
            """);

    assertThat(cli.run("ab\n", "map", source + "::twice")).isZero();

    assertThat(cli.results().get(0).get("value").asText()).isEqualTo("abab");
    Path classes = cli.opened.get(0).classPath().get(0);
    assertThat(classes).doesNotExist();
  }

  @Test
  void printsWhatTheCompilerSays() throws Exception {
    Path source =
        CommandLineFixture.write(directory.resolve("Bad.java"), "class Bad { int x = y; }");
    long before = temporaryDirectories();

    assertThat(cli.run("ab\n", "map", source + "::x")).isEqualTo(2);

    assertThat(cli.err)
        .contains("Bad.java does not compile:")
        .contains("Bad.java:1: error: cannot find symbol")
        .contains("1 error");
    assertThat(temporaryDirectories()).isEqualTo(before);
  }

  @Test
  void compilesAgainstTheClassPath() {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Uses.java"),
            "class Uses { static int f(String s) { return dev.procpool.cli.Samples.none(); } }");

    assertThat(cli.run("a\n", "map", source + "::f", "-c", "target/test-classes")).isZero();
  }

  private static long temporaryDirectories() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("procpool-classes")).count();
    }
  }
}
