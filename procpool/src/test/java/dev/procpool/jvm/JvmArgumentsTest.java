package dev.procpool.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a JVM's options are found, and in which order. */
class JvmArgumentsTest {

  private static final Set<String> ALL = Set.copyOf(JvmArguments.VARIABLES);

  @TempDir Path directory;

  private static List<String> texts(JvmArguments arguments) {
    return arguments.options().stream().map(JvmArguments.Option::text).toList();
  }

  private static CommandLine line(String... words) {
    CommandLine line = CommandLine.of(List.of(words));
    assertThat(line).isNotNull();
    return line;
  }

  @Test
  void theCommandLineEndsWithWhatIsToRun() {
    assertThat(line("-ea", "-cp", "x", "--add-opens", "a/b=c", "Main", "-da").options())
        .containsExactly("-ea", "--add-opens=a/b=c");
    assertThat(line("--enable-preview", "--source", "25", "A.java", "-ea").options())
        .containsExactly("--enable-preview");
    assertThat(line("-p", "mods", "-m", "a/b.Main", "-ea").options()).isEmpty();
    assertThat(line("-p", "mods", "--module=a/b.Main", "-ea").options()).isEmpty();
    CommandLine jar = line("-Xss1m", "-jar", "app.jar", "-ea");
    assertThat(jar.options()).containsExactly("-Xss1m");
    assertThat(jar.mainJar()).isEqualTo("app.jar");
  }

  @Test
  void argumentFilesAreReadUpToTheMainClass() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "-ea \"--add-opens\"\n a/b=c\n");
    Path last = Files.writeString(directory.resolve("b"), "-esa Main -da");
    assertThat(line("@" + file, "-Xss1m", "@" + last, "@" + file).options())
        .containsExactly("-ea", "--add-opens=a/b=c", "-Xss1m", "-esa");
    assertThat(line("--disable-@files", "-ea", "@x").options()).containsExactly("-ea");
  }

  @Test
  void aFileThatCanNotBeReadAgainHasTheJvmAsked() throws IOException {
    assertThat(CommandLine.of(List.of("@" + directory.resolve("gone"), "Main"))).isNull();
    assertThat(CommandLine.of(List.of("@/dev/stdin", "Main"))).isNull();
  }

  @Test
  void variablesComeInTheOrderInWhichAJvmReadsThem() throws IOException {
    Path more = Files.writeString(directory.resolve("more"), "-Dm='1 2' -esa");
    Path flags =
        Files.writeString(directory.resolve("flags"), "# flags\n+UseG1GC\nMaxRAM=1g # x\n");
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-Dt=\"a b\" -XX:VMOptionsFile=" + more,
            "JDK_JAVA_OPTIONS", "--add-opens a/b=c\t-cp x",
            "_JAVA_OPTIONS", " -Dl=1 ");
    JvmArguments arguments =
        JvmArguments.of(List.of("-ea", "-XX:Flags=" + flags), null, environment, false);
    assertThat(texts(arguments))
        .containsExactly(
            "-XX:+UseG1GC",
            "-XX:MaxRAM=1g",
            "-Dt=a b",
            "-Dm=1 2",
            "-esa",
            "--add-opens=a/b=c",
            "-ea",
            "-XX:Flags=" + flags,
            "-Dl=1");
    assertThat(InheritedOptions.of(arguments, ALL, Set.of()))
        .containsExactly("-Dt=a b", "-Dm=1 2", "-esa", "--add-opens=a/b=c", "-ea", "-Dl=1");
  }

  @Test
  void aJvmThatWasAskedSaysTheVariablesOptionsAsWell() {
    Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Dt=1 -ea");
    JvmArguments arguments =
        JvmArguments.of(List.of("-Dt=1", "-ea", "-Xss1m"), null, environment, true);
    assertThat(texts(arguments)).containsExactly("-Dt=1", "-ea", "-Xss1m");
  }

  @Test
  void aVariableThatIsNotForWorkersCountsAsTheCommandLineDoes() {
    Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Dt=1 -ea");
    JvmArguments arguments = JvmArguments.of(List.of(), null, environment, false);
    assertThat(InheritedOptions.of(arguments, Set.of(), Set.of())).containsExactly("-ea");
    assertThat(InheritedOptions.of(arguments, ALL, ALL)).doesNotContain("-Dt=1");
  }

  @Test
  void pathsAreAbsoluteSinceWorkersMayStartElsewhere() {
    JvmArguments arguments =
        JvmArguments.of(
            List.of("-Djava.library.path=a:/b", "--patch-module=m=x.jar", "-da"),
            null,
            Map.of(),
            false);
    assertThat(InheritedOptions.of(arguments, ALL, Set.of()))
        .containsExactly(
            "-Djava.library.path=" + Path.of("a").toAbsolutePath() + ":/b",
            "--patch-module=m=" + Path.of("x.jar").toAbsolutePath(),
            "-da");
  }

  @Test
  void aFilterLetsInWhatTasksConsistOf() {
    JvmArguments arguments =
        JvmArguments.of(List.of("-Djdk.serialFilter=com.acme.**;!*", "-da"), null, Map.of(), false);
    assertThat(InheritedOptions.of(arguments, ALL, Set.of()))
        .containsExactly(
            "-Djdk.serialFilter=dev.procpool.**;java.lang.invoke.SerializedLambda;com.acme.**;!*",
            "-da");
  }

  @Test
  void theManifestsWishesAreOptions() {
    Attributes attributes = new Attributes();
    attributes.putValue("Add-Opens", "java.base/java.lang  java.base/no.such no.module/x");
    attributes.putValue("Add-Exports", "java.base/sun.nio.ch");
    attributes.putValue("Launcher-Agent-Class", "a.Agent");
    List<String> options = new ArrayList<>();
    MainJar.addOptions(attributes, options);
    assertThat(options)
        .containsExactly(
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");
  }
}
