package dev.procpool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The pools that ours is compared with: Python's and Node's, which run a script each and tell what
 * they measured, and threads of this JVM.
 */
final class Peers {

  private static final Path SCRIPTS = Path.of("bench/peers");
  private static final Path NODE = Path.of("bench/target/node");

  private final Options options;
  private final Map<String, Map<String, String>> told = new HashMap<>();

  final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
          });

  Peers(Options options) {
    this.options = options;
  }

  /** A value of Python's pool; not a number if there is no Python. */
  double python(String name) {
    return number(pythonValues().get(name));
  }

  String pythonName() {
    return "Python " + pythonValues().getOrDefault("version", "") + " Pool";
  }

  /** How many items of half a second are in the mix. */
  int longItems() {
    return options.pick(4, 20);
  }

  private Map<String, String> pythonValues() {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    return told.computeIfAbsent(
        "python",
        name ->
            run(
                python,
                SCRIPTS.resolve("pool.py").toString(),
                Integer.toString(options.pick(1, 3)),
                Integer.toString(longItems())));
  }

  /** A value of Node's workerpool; not a number if there is none. */
  double node(String name) {
    return number(nodeValues().get(name));
  }

  String nodeName() {
    return "workerpool " + nodeValues().getOrDefault("version", "");
  }

  private Map<String, String> nodeValues() {
    if (!Files.isDirectory(NODE.resolve("node_modules"))) {
      return Map.of();
    }
    return told.computeIfAbsent(
        "node",
        name ->
            run("node", NODE.resolve("pool.js").toString(), Integer.toString(options.pick(1, 3))));
  }

  private static double number(@Nullable String value) {
    return value == null ? Double.NaN : Double.parseDouble(value);
  }

  /** Runs a program that prints a name and a value a line. */
  private static Map<String, String> run(String... command) {
    System.err.println("measuring: " + command[0]);
    try {
      return lines(new ProcessBuilder(command));
    } catch (IOException e) {
      System.err.println("left out: " + e.getMessage());
      return Map.of();
    }
  }

  /** Runs a program of ours in a JVM of its own. */
  static Map<String, String> runJvm(
      List<String> jvmOptions, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    ProcessBuilder builder = jvm(jvmOptions, main, arguments);
    builder.environment().putAll(environment);
    return lines(builder);
  }

  static ProcessBuilder jvm(List<String> jvmOptions, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static Map<String, String> lines(ProcessBuilder builder) throws IOException {
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, String> values = new HashMap<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        // names may have blanks; so may a version, the only value that is no number
        int blank = line.startsWith("version ") ? line.indexOf(' ') : line.lastIndexOf(' ');
        values.put(line.substring(0, blank), line.substring(blank + 1));
      }
    }
    return values;
  }
}
