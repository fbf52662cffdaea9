package dev.procpool.cli.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source file with what it needs: files beside it, its package, what it says in comments. */
class SourceTest {

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  private Path write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return CommandLineFixture.write(path, text);
  }

  private String value() {
    return cli.results().get(0).get("value").asText();
  }

  @Test
  void filesBesideItAreCompiledIfItNeedsThem() throws IOException {
    Path main =
        write("Main.java", "class Main { static int run(int n) { return Helper.twice(n); } }");
    write("Helper.java", "class Helper { static int twice(int n) { return 2 * n; } }");
    write("Broken.java", "class Broken { nobody needs this }");

    assertThat(cli.run("4\n", "map", main + "::run")).as(cli.err).isZero();
    assertThat(value()).isEqualTo("8");
    assertThat(cli.run("4\n", "map", main + "::twice")).isEqualTo(2);
    assertThat(cli.err).contains("Main has no method 'twice'");
  }

  @Test
  void itsPackagesDirectoriesAreSearched() throws IOException {
    Path main =
        write(
            "src/com/acme/tools/Main.java",
            """
            /* package com.other; */
            package com.acme.tools;
            public class Main {
              public static int run(int n) { return com.acme.Base.add(n, Near.N); }
            }
            """);
    write(
        "src/com/acme/tools/Near.java", "package com.acme.tools; class Near { static int N = 5; }");
    write(
        "src/com/acme/Base.java",
        "package com.acme; public class Base { public static int add(int a, int b) { return a + b; } }");

    assertThat(cli.run("4\n", "map", main + "::run")).as(cli.err).isZero();
    assertThat(value()).isEqualTo("9");
  }

  @Test
  void sourcesSaysWhatElseBelongsToIt() throws IOException {
    Path main =
        write(
            "Main.java",
            """
            //SOURCES more/*.java
            class Main { static int run(int n) { return Unusual.twice(n); } }
            """);
    write("more/Tools.java", "class Unusual { static int twice(int n) { return 2 * n; } }");

    assertThat(cli.run("4\n", "map", main + "::run")).as(cli.err).isZero();
    assertThat(value()).isEqualTo("8");
  }

  @Test
  void aMethodOfANestedClassIsFound() throws IOException {
    Path main =
        write(
            "Main.java",
            "class Main { record Point(int x, int y) { int sum() { return x + y; } } }");

    assertThat(cli.run("{\"x\":1,\"y\":2}\n", "map", main + "::sum", "-f", "jsonl")).isZero();
    assertThat(cli.run("3,4\n", "map", main + "::sum", "-f", "csv")).isZero();

    assertThat(cli.results()).extracting(r -> r.get("value").intValue()).containsExactly(3, 7);
  }

  @Test
  void itsOptionsComeBeforeThoseOfTheCommandLine() throws IOException {
    Path main =
        write(
            "Main.java",
            """
            ///usr/bin/env jbang "$0" "$@" ; exit $?
            //JAVA 17+
            //JAVA_OPTIONS -Xmx64m -Dname="a b"
            //RUNTIME_OPTIONS '-Dother=c d'
            //JAVAC_OPTIONS -Xlint:none
            class Main { static int run(int n) { return n; } }
            """);

    assertThat(cli.run("4\n", "map", main + "::run", "-J-Xmx80m")).as(cli.err).isZero();

    assertThat(cli.opened.get(0).jvmOptions())
        .containsExactly("-Xmx64m", "-Dname=a b", "-Dother=c d", "-Xmx80m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          //JAVA 99              | needs Java 99, and this is Java
          //SOURCES none/*.java  | : there is no
          //JAVAC_OPTIONS -what  | //JAVAC_OPTIONS of
          //DEPS jsoup           | 'jsoup' is not of the form group:artifact:version
          //DEPS https://github.com/a/b | is not of the form group:artifact:version
          //PREVIEW              | needs preview features: set JDK_JAVA_OPTIONS=--enable-preview
          """)
  void whatItAsksInVainIsToldInALine(String directive, String message) throws IOException {
    Path main =
        write("Main.java", directive + "\nclass Main { static int run(int n) { return n; } }");

    assertThat(cli.run("4\n", "map", main + "::run")).isEqualTo(2);

    assertThat(cli.err).startsWith("procpool: TARGET: ").contains(message);
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void aMistypedFileIsToldWithTheOneBesideIt() throws IOException {
    write("Prices.java", "class Prices {}");

    assertThat(cli.run("", "map", directory.resolve("Price.java") + "::run")).isEqualTo(2);
    assertThat(cli.err).contains("did you mean " + directory.resolve("Prices.java") + "?");
  }

  /** The program with a Maven of ours, which says how it was called. */
  private int runWithMaven(String script, String... args) throws Exception {
    Path maven = write("maven/bin/mvn", "#!/bin/sh\n" + script);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    write("in", "4\n");
    ProcessBuilder builder = Program.builder(directory, List.of(), args);
    builder.environment().put("MAVEN_HOME", directory.resolve("maven").toString());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    return Program.run(directory, builder);
  }

  @Test
  void dependenciesAreResolvedByMavenOnceAndReachTheWorkers() throws Exception {
    write(
        "lib/com/acme/Rates.java",
        "package com.acme; public class Rates { public static int R = 3; }");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, directory.resolve("lib/com/acme/Rates.java").toString()))
        .isZero();
    Path main =
        write(
            "Main.java",
            """
            //DEPS com.acme:rates:1.0 // all of them
            //DEPS com.acme:bom:2.0@pom, com.acme:more:1.1:linux@zip
            //REPOS central,ours=https://repo.acme.example/maven
            class Main { static int run(int n) { return n * com.acme.Rates.R; } }
            """);
    String script =
        """
        echo "$@" >> %1$s/calls
        cp pom.xml %1$s/pom
        case "$*" in *" -o "*) echo "[ERROR] offline"; exit 1;; esac
        printf '%%s' %1$s/lib > classpath
        """
            .formatted(directory);

    int first = runWithMaven(script, "map", main + "::run", "-w", "1");
    int second = runWithMaven(script, "map", main + "::run", "-w", "1");

    String err = Files.readString(directory.resolve("err"));
    assertThat(first).as(err).isZero();
    assertThat(second).as(err).isZero();
    assertThat(Files.readString(directory.resolve("out"))).contains("\"value\":12");
    assertThat(Files.readAllLines(directory.resolve("calls")))
        .as("without the network first, and never for what was found once")
        .hasSize(2)
        .allMatch(call -> call.contains("dependency-plugin"))
        .first()
        .asString()
        .contains(" -o ");
    assertThat(Files.readString(directory.resolve("pom")))
        .contains(
            "<groupId>com.acme</groupId><artifactId>rates</artifactId><version>1.0</version>",
            "<classifier>linux</classifier><type>zip</type>",
            "<type>pom</type><scope>import</scope>",
            "<id>ours</id><url>https://repo.acme.example/maven</url>");
    try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("procpool-maven"));
    }
  }

  @Test
  void whatMavenCanNotFindIsTold() throws Exception {
    Path main =
        write(
            "Main.java",
            "//DEPS com.acme:none:1.0\nclass Main { static int run(int n) { return n; } }");
    String script =
        "echo '[ERROR] Could not find artifact com.acme:none:jar:1.0 -> [Help 1]'\n"
            + "echo '[ERROR] To see more, re-run Maven with -e'\nexit 1\n";

    assertThat(runWithMaven(script, "map", main + "::run")).isEqualTo(2);

    assertThat(Files.readAllLines(directory.resolve("err")))
        .hasSize(3)
        .last()
        .isEqualTo("Could not find artifact com.acme:none:jar:1.0");
    assertThat(new File(directory.toFile(), "out")).isEmpty();
  }
}
