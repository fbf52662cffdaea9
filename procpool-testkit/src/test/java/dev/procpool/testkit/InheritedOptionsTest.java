package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Task0;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which options of a program's JVM its workers' JVMs have, by programs started in many ways. */
@EnabledOnOs({OS.LINUX, OS.MAC}) // programs are started by env
class InheritedOptionsTest extends ProcessPoolTest {

  private static final String VARIABLES = "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS";

  @TempDir Path child;

  /** Says what it finds. */
  private static Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    facts.put("options", String.join(" ", options));
    facts.put("heap", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
    facts.put("assertions", Boolean.toString(InheritedOptionsTest.class.desiredAssertionStatus()));
    facts.put("charset", Charset.defaultCharset().name());
    facts.put("locale", Locale.getDefault().toLanguageTag());
    facts.put("zone", TimeZone.getDefault().getID());
    facts.put("kept", System.getProperty("kept", ""));
    facts.put("own", System.getProperty("own", ""));
    facts.put("open", Boolean.toString(isOpen()));
    for (String variable : VARIABLES.split(" ")) {
      facts.put(variable, String.valueOf(System.getenv(variable)));
    }
    return facts;
  }

  private static boolean isOpen() {
    return Object.class.getModule().isOpen("java.lang", InheritedOptionsTest.class.getModule());
  }

  private static void print(ProcessPool.Builder builder) throws Exception {
    try (Pool pool = builder.workers(1).build()) {
      Task0<Map<String, String>> task = InheritedOptionsTest::facts;
      pool.apply(task).forEach((name, value) -> System.out.println(name + "=" + value));
    }
  }

  /** A program that sets nothing. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws Exception {
      print(ProcessPool.builder());
    }
  }

  /** A program whose workers inherit nothing. */
  static final class Heirless {
    private Heirless() {}

    public static void main(String[] arguments) throws Exception {
      print(ProcessPool.builder().inheritJvmOptions(false));
    }
  }

  /** A program that says otherwise than its own options. */
  static final class Decided {
    private Decided() {}

    public static void main(String[] arguments) throws Exception {
      print(
          ProcessPool.builder()
              .jvmOptions("-da", "-Dkept=mine", "-Duser.timezone=Europe/Paris", "-Xmx33m"));
    }
  }

  /** A program whose environment for workers has options. */
  static final class Explicit {
    private Explicit() {}

    public static void main(String[] arguments) throws Exception {
      print(
          ProcessPool.builder()
              .output(line -> {})
              .environment(
                  Map.of(
                      "JAVA_TOOL_OPTIONS",
                      "-XX:+UseParallelGC -XX:MaxRAMPercentage=7.5 -XX:-ExitOnOutOfMemoryError")));
    }
  }

  private Map<String, String> run(List<String> environment, List<String> options, Class<?> main)
      throws Exception {
    List<String> before = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
    before.addAll(environment);
    try (ChildJvm jvm = new ChildJvm(child, before, options, main)) {
      assertThat(jvm.exitCode()).as(jvm.errors()).isZero();
      Map<String, String> facts = new TreeMap<>();
      for (String line : jvm.output()) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          facts.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      facts.put("errors", jvm.errors());
      return facts;
    }
  }

  @Test
  void whatAContainerSaysOfItsOneJvmIsNotSaidToWorkers() throws Exception {
    Map<String, String> facts =
        run(
            List.of(
                "JAVA_TOOL_OPTIONS=-XX:+UseG1GC -Xmx3000m -XX:MaxRAMPercentage=75 -Dkept='a b'"
                    + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"
                    + " -Dcom.sun.management.jmxremote.port=0"
                    + " -Dcom.sun.management.jmxremote.authenticate=false"
                    + " -Dcom.sun.management.jmxremote.ssl=false"
                    + " -XX:+HeapDumpOnOutOfMemoryError",
                "JDK_JAVA_OPTIONS=-XX:+UseG1GC -ea -cp nowhere",
                "_JAVA_OPTIONS=-Xmx2900m -Duser.timezone=Asia/Tokyo"),
            List.of("-cp", System.getProperty("java.class.path")),
            Host.class);
    assertThat(facts.get("options"))
        .contains("-XX:+UseSerialGC")
        .doesNotContain("UseG1GC", "Xmx", "=75", "jdwp", "jmxremote", "HeapDump");
    assertThat(facts).containsEntry("kept", "a b").containsEntry("assertions", "true");
    assertThat(facts).containsEntry("zone", "Asia/Tokyo");
    for (String variable : VARIABLES.split(" ")) {
      assertThat(facts).containsEntry(variable, "null");
    }
    assertThat(facts.get("errors").lines().filter(line -> line.contains("Picked up")))
        .as("what the program's own JVM says")
        .hasSize(3);
  }

  @Test
  void theCommandLinesMeaningReachesWorkersAndNothingElse() throws Exception {
    Path more =
        Files.writeString(child.resolve("more"), "--add-opens java.base/java.lang=ALL-UNNAMED");
    Map<String, String> facts =
        run(
            List.of("LC_ALL=C"),
            List.of(
                "-XX:+UseParallelGC",
                "-Xmx500m",
                "-ea",
                "@" + more,
                "-Down=1",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=de",
                "-Duser.country=AT",
                "-Duser.timezone=Asia/Tokyo"),
            Host.class);
    assertThat(facts)
        .containsEntry("assertions", "true")
        .containsEntry("open", "true")
        .containsEntry("own", "")
        .containsEntry("charset", "UTF-8")
        .containsEntry("locale", "de-AT")
        .containsEntry("zone", "Asia/Tokyo");
    assertThat(facts.get("options")).doesNotContain("UseParallelGC", "-Xmx");
  }

  @Test
  void aPipeOfOptionsWasReadByTheLauncherAndIsNotReadAgain() throws Exception {
    Path more =
        Files.writeString(child.resolve("more"), "-ea --add-opens java.base/java.lang=ALL-UNNAMED");
    Path script = Files.writeString(child.resolve("script"), "cat '" + more + "' | \"$@\"");
    Map<String, String> facts =
        run(List.of("sh", script.toString()), List.of("@/dev/stdin"), Host.class);
    assertThat(facts).containsEntry("assertions", "true").containsEntry("open", "true");
  }

  @Test
  void tasksPassAFilterThatLetsInNothingElse() throws Exception {
    Map<String, String> facts = run(List.of(), "-Djdk.serialFilter=java.base/*;!*");
    assertThat(facts.get("options")).contains("-Djdk.serialFilter=");
  }

  private Map<String, String> run(List<String> environment, String... options) throws Exception {
    return run(environment, List.of(options), Host.class);
  }

  @Test
  void theManifestOfTheProgramsJarReachesWorkers() throws Exception {
    Path jar = child.resolve("program.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Host.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, urls(System.getProperty("java.class.path")));
    attributes.putValue("Add-Opens", "java.base/java.lang java.base/no.such");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    Map<String, String> facts = run(List.of(), "-jar", jar.toString(), "-Dnot=an.option");
    assertThat(facts).containsEntry("open", "true");
    assertThat(facts.get("errors")).isEmpty();
  }

  private static String urls(String classPath) throws IOException {
    StringBuilder urls = new StringBuilder();
    for (String entry : classPath.split(File.pathSeparator)) {
      urls.append(Path.of(entry).toUri()).append(' ');
    }
    return urls.toString();
  }

  @Test
  void workersMayInheritNothing() throws Exception {
    Map<String, String> facts =
        run(
            List.of("JAVA_TOOL_OPTIONS=-XX:+UseG1GC -Dkept=1"),
            List.of("-ea", "-Duser.timezone=Asia/Tokyo"),
            Heirless.class);
    assertThat(facts).containsEntry("kept", "").containsEntry("assertions", "false");
    assertThat(facts.get("zone")).isNotEqualTo("Asia/Tokyo");
    assertThat(facts.get("options")).doesNotContain("UseG1GC");
  }

  @Test
  void whatTheBuilderIsToldWins() throws Exception {
    Map<String, String> facts =
        run(
            List.of("_JAVA_OPTIONS=-Dkept=theirs -Xmx900m -ea"),
            List.of("-Duser.timezone=Asia/Tokyo"),
            Decided.class);
    assertThat(facts)
        .containsEntry("kept", "mine")
        .containsEntry("assertions", "false")
        .containsEntry("zone", "Europe/Paris");
    assertThat(Long.parseLong(facts.get("heap"))).isBetween(25L, 34L);
  }

  @Test
  void optionsInTheEnvironmentThatWorkersAreGivenWinOverThePoolsOwn() throws Exception {
    Map<String, String> facts =
        run(List.of("JAVA_TOOL_OPTIONS=-XX:+UseG1GC -Dkept=1"), List.of(), Explicit.class);
    assertThat(facts.get("options"))
        .contains("-XX:+UseParallelGC", "-XX:MaxRAMPercentage=7.5", "-XX:-ExitOnOutOfMemoryError")
        .doesNotContain("-XX:+UseSerialGC", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");
    assertThat(facts.get("JAVA_TOOL_OPTIONS")).contains("UseParallelGC");
    assertThat(facts).containsEntry("kept", "");
  }

  @Test
  void whateverIsInAnOptionArrivesAsItIs() throws Exception {
    List<String> values =
        List.of(
            "plain",
            "two words",
            "line1\nline2",
            "tab\there",
            "quote\"s",
            "apos'trophe",
            "back\\slash",
            "",
            "cr\rlf",
            "ends with \\",
            "#hash",
            "@at",
            "100%");
    List<String> options = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      options.add("-Dv" + i + "=" + values.get(i));
    }
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(options));
    int count = values.size();
    List<String> found =
        pool.apply(
            () -> {
              List<String> got = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                got.add(System.getProperty("v" + i));
              }
              return got;
            });
    assertThat(found).isEqualTo(values);
  }
}
