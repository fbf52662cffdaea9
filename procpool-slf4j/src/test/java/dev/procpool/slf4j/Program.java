package dev.procpool.slf4j;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A program that a test runs in a JVM of its own, with just the jars that it names and a directory
 * of its own.
 *
 * @param exitCode how it ended
 * @param out what it printed, with what its workers did
 */
record Program(int exitCode, String out) {

  private static final int LIMIT_SECONDS = 110;

  /** The program's own directory on the class path, then this module, then what it names. */
  static Program run(
      Path directory, boolean withModule, List<String> libraries, String main, String... arguments)
      throws IOException, InterruptedException {
    List<Path> classPath = new ArrayList<>();
    classPath.add(directory);
    classPath.add(pathOf("dev.procpool.Pool"));
    classPath.add(pathOf(main));
    if (withModule) {
      classPath.add(pathOf("dev.procpool.slf4j.Slf4jBridge"));
    }
    for (String library : libraries) {
      classPath.add(pathOf(library));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dprocpool.cache=off");
    command.add("-cp");
    command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
    command.add(main);
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = false;
    try {
      ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    return new Program(ended ? process.exitValue() : -1, Files.readString(out));
  }

  /** The jar or directory that has a class. */
  private static Path pathOf(String className) {
    try {
      Class<?> type = Class.forName(className, false, Program.class.getClassLoader());
      return Path.of(
          URI.create(type.getProtectionDomain().getCodeSource().getLocation().toExternalForm()));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** All lines of a directory's log files, those that were compressed included. */
  static List<String> lines(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    for (Path file : files) {
      lines.addAll(linesOf(file));
    }
    return lines;
  }

  private static List<String> linesOf(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.readAllLines(file);
    }
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
