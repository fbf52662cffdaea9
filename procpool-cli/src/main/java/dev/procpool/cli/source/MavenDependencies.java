package dev.procpool.cli.source;

import dev.procpool.cli.files.Sha256;
import dev.procpool.cli.message.UsageException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the jars of a source file's {@code //DEPS} by the user's own Maven, so that its settings,
 * mirrors, credentials and local repository are in force. Used by one thread.
 *
 * <p>What was found is kept in the user's cache: as long as all jars are there, Maven is not asked
 * again. It is asked without the network first.
 */
final class MavenDependencies {

  /** Without a version: the one that this Maven takes is most likely there already. */
  private static final String GOAL =
      "org.apache.maven.plugins:maven-dependency-plugin:build-classpath";

  private static final Pattern ADVICE =
      Pattern.compile("re-run Maven|For more information|^\\[ERROR\\] *(\\[Help.*)?$");
  private static final int MOST_ERRORS = 5;

  private final Path source;
  private final PrintStream messages;

  /** Maven, once it was started. Guarded by this, as is the next. */
  private @Nullable Process running;

  private boolean ended;

  /**
   * Makes a resolver.
   *
   * @param source the file whose dependencies they are
   * @param messages where is said what takes long
   */
  MavenDependencies(Path source, PrintStream messages) {
    this.source = source;
    this.messages = messages;
  }

  /** Gives the jars, in Maven's order. */
  List<Path> resolve(SourceDirectives directives) {
    if (directives.dependencies().isEmpty()) {
      return List.of();
    }
    String pom = MavenPom.of(source, directives);
    Path kept = cache().resolve(hash(pom) + ".classpath");
    try {
      List<Path> found = read(kept);
      if (found.isEmpty() || !found.stream().allMatch(Files::exists)) {
        found = ask(pom);
        keep(kept, found, pom); // snapshots and ranges are Maven's to answer each time
      }
      return found;
    } catch (IOException e) {
      throw new UsageException("TARGET: //DEPS of " + source + ": " + e.getMessage(), e);
    }
  }

  private List<Path> ask(String pom) throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.create("procpool-maven", this::end)) {
      Path directory = folder.path();
      Files.writeString(directory.resolve("pom.xml"), pom);
      if (run(directory, "-o") != 0) {
        messages.println("procpool: mvn is fetching the dependencies of " + source);
        if (run(directory) != 0) {
          throw new UsageException(
              "TARGET: //DEPS of " + source + " can't be resolved by mvn:\n" + errors(directory));
        }
      }
      return read(directory.resolve("classpath"));
    }
  }

  /** Ends Maven, if it runs, and lets no other begin. */
  private synchronized void end() {
    ended = true;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroy);
      running.destroy();
      running.onExit().completeOnTimeout(running, 5, TimeUnit.SECONDS).join();
      running.destroyForcibly();
    }
  }

  private int run(Path directory, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(maven(), "-B", "-q"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            GOAL, "-Dmdep.outputFile=classpath", "-Dmdep.includeScope=runtime", "-f", "pom.xml"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process;
    try {
      process = start(builder);
    } catch (IOException e) {
      throw new UsageException(
          "TARGET: //DEPS of "
              + source
              + " needs Maven, and there is no mvn on the PATH: install it, or give the jars by"
              + " --classpath",
          e);
    }
    try {
      process.getOutputStream().close();
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mvn ran", e);
    } finally {
      process.destroy();
    }
  }

  private synchronized Process start(ProcessBuilder builder) throws IOException {
    if (ended) {
      throw new IOException("the program is ending");
    }
    Process started = builder.start();
    running = started;
    return started;
  }

  private static String maven() {
    return Stream.of("MAVEN_HOME", "M2_HOME")
        .map(System::getenv)
        .filter(home -> home != null)
        .map(home -> Path.of(home, "bin", "mvn"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("mvn");
  }

  /** Gives what Maven says is wrong, without its advice on how to run Maven. */
  private static String errors(Path directory) throws IOException {
    try (Stream<String> lines =
        Files.lines(directory.resolve("log"), StandardCharsets.ISO_8859_1)) {
      String errors =
          lines
              .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
              .filter(line -> line.startsWith("[ERROR] ") && !ADVICE.matcher(line).find())
              .map(line -> line.substring(8).replaceAll(" *-> \\[Help.*", ""))
              .limit(MOST_ERRORS)
              .collect(Collectors.joining("\n"));
      return errors.isEmpty() ? "it does not say why" : errors;
    }
  }

  private static List<Path> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Arrays.stream(Files.readString(file).strip().split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static void keep(Path file, List<Path> found, String pom) {
    if (pom.contains("-SNAPSHOT") || pom.matches("(?s).*<version>[^<]*[\\[(,].*")) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "procpool", ".part");
      Files.writeString(
          part, found.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException notKept) {
      // Maven is asked again next time
    }
  }

  private static Path cache() {
    String base = System.getenv("XDG_CACHE_HOME");
    Path root =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(base);
    return root.resolve("procpool").resolve("dependencies");
  }

  private static String hash(String text) {
    byte[] digest = Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, 16);
  }
}
