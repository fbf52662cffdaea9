package dev.procpool.local;

import dev.procpool.channel.Channel;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The command that starts a worker's JVM: the same class and module path as this one's, in an
 * argument file so that no length limit applies.
 */
final class WorkerCommand {

  private static final String MAIN_CLASS = "dev.procpool.worker.WorkerMain";

  /** The part of the machine's or container's memory that all heaps of a pool may take together. */
  private static final double MEMORY_PERCENT = 60;

  private WorkerCommand() {}

  /**
   * Writes the argument file.
   *
   * @return the command
   * @throws IOException if the file can't be written
   */
  static List<String> write(PoolSettings settings, PoolDirectory directory) throws IOException {
    Path argFile = directory.file("jvm.args");
    String text =
        arguments(settings).stream()
            .map(WorkerCommand::quote)
            .collect(Collectors.joining(System.lineSeparator()));
    Files.writeString(argFile, text, nativeCharset());
    return List.of(java(settings.javaHome()).toString(), "@" + argFile);
  }

  static Path java(Path javaHome) {
    boolean windows = File.separatorChar == '\\';
    return javaHome.resolve("bin").resolve(windows ? "java.exe" : "java");
  }

  /** All arguments; later ones win, so the user's options come after ours. */
  static List<String> arguments(PoolSettings settings) {
    List<String> arguments = new ArrayList<>();
    int workers = settings.workers();
    int processors = Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
    if (settings.jvmOptions().stream().noneMatch(o -> o.matches("-XX:\\+Use\\w+GC"))) {
      arguments.add("-XX:+UseSerialGC"); // the smallest and the quickest to start
    }
    arguments.add("-XX:-UsePerfData"); // else a killed worker leaves a file behind
    arguments.add("-XX:+ExitOnOutOfMemoryError");
    arguments.add("-XX:-CreateCoredumpOnCrash");
    arguments.add("-XX:ErrorFile=" + CrashFile.pattern());
    arguments.add("-XX:ActiveProcessorCount=" + processors);
    arguments.add(
        String.format(Locale.ROOT, "-XX:MaxRAMPercentage=%.4f", MEMORY_PERCENT / workers));
    for (String stream : List.of("stdout", "stderr")) {
      arguments.add("-D" + stream + ".encoding=UTF-8");
      arguments.add("-Dsun." + stream + ".encoding=UTF-8"); // its name before Java 19
    }
    arguments.add("-D" + Nesting.PROPERTY + "=" + settings.depth());
    arguments.addAll(settings.jvmOptions());
    arguments.addAll(path(settings));
    return arguments;
  }

  private static List<String> path(PoolSettings settings) {
    Set<String> classPath = new LinkedHashSet<>();
    String own = System.getProperty("java.class.path", "");
    if (!own.isEmpty()) {
      for (String entry : own.split(File.pathSeparator, -1)) {
        classPath.add(Path.of(entry).toAbsolutePath().toString());
      }
    }
    settings.classPath().forEach(entry -> classPath.add(entry.toAbsolutePath().toString()));

    Module module = WorkerCommand.class.getModule();
    List<String> arguments = new ArrayList<>();
    if (module.isNamed()) {
      arguments.add("--module-path");
      arguments.add(absolute(System.getProperty("jdk.module.path", "")));
      arguments.add("--add-modules");
      arguments.add(applicationModules());
    } else {
      // where class loaders of a shell, a test runner or a plug-in found us, if not on the class
      // path
      Set<Path> known = classPath.stream().map(Path::of).collect(Collectors.toSet());
      codeSource()
          .filter(path -> !known.contains(path))
          .ifPresent(p -> classPath.add(p.toString()));
    }
    if (!classPath.isEmpty()) {
      arguments.add("-cp");
      arguments.add(String.join(File.pathSeparator, classPath));
    }
    if (module.isNamed()) {
      arguments.add("-m");
      arguments.add(module.getName() + "/" + MAIN_CLASS);
    } else {
      arguments.add(MAIN_CLASS);
    }
    return arguments;
  }

  private static String absolute(String path) {
    return List.of(path.split(File.pathSeparator)).stream()
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The modules of this application that are not the JDK's. */
  private static String applicationModules() {
    ModuleFinder system = ModuleFinder.ofSystem();
    return ModuleLayer.boot().modules().stream()
        .map(Module::getName)
        .filter(name -> system.find(name).isEmpty())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static Optional<Path> codeSource() {
    CodeSource source = Channel.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(source.getLocation().toURI()).toAbsolutePath());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty(); // inside another jar: the caller's class path has that one
    }
  }

  /** Quotes as the java launcher's argument files want it. */
  private static String quote(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The launcher reads argument files in the platform's encoding. */
  private static Charset nativeCharset() {
    String name = System.getProperty("native.encoding");
    return name == null || !Charset.isSupported(name)
        ? Charset.defaultCharset()
        : Charset.forName(name);
  }
}
