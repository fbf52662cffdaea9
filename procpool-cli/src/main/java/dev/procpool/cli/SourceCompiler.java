package dev.procpool.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A source file compiled to a temporary directory, which goes when this is closed.
 *
 * <p>Immutable; closing twice is harmless.
 */
final class SourceCompiler implements AutoCloseable {

  private final Path directory;

  private SourceCompiler(Path directory) {
    this.directory = directory;
  }

  /** Compiles a source file; what javac has to say about errors becomes the message. */
  static SourceCompiler compile(Path source, ClassPath classPath) {
    if (!Files.isRegularFile(source)) {
      throw new UsageException("TARGET: there is no source file " + source);
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new UsageException(
          "TARGET: "
              + source
              + " needs a compiler, but "
              + System.getProperty("java.home")
              + " is a runtime without one: run procpool on a JDK, or compile it and give"
              + " --classpath");
    }
    SourceCompiler compiled = new SourceCompiler(temporaryDirectory());
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      StringWriter messages = new StringWriter();
      boolean ok =
          javac
              .getTask(
                  messages,
                  files,
                  null,
                  compiled.options(classPath),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      if (!ok) {
        throw new UsageException(
            "TARGET: " + source + " does not compile:\n" + messages.toString().stripTrailing());
      }
      return compiled;
    } catch (IOException e) {
      compiled.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      compiled.close();
      throw e;
    }
  }

  private List<String> options(ClassPath classPath) {
    String path = classPath.joined();
    String own = System.getProperty("java.class.path");
    return List.of(
        "-d",
        directory.toString(),
        "-parameters",
        "-g",
        "-proc:none",
        "-nowarn",
        "-classpath",
        path.isEmpty() ? own : path + System.getProperty("path.separator") + own);
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("procpool-classes");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for compiled classes", e);
    }
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(found::add);
    } catch (IOException | UncheckedIOException gone) {
      return;
    }
    for (Path file : found) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException leftToTheSystem) {
        // it is in the directory for temporary files
      }
    }
  }
}
