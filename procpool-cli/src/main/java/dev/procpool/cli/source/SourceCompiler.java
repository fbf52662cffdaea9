package dev.procpool.cli.source;

import dev.procpool.cli.files.ClassPath;
import dev.procpool.cli.files.FileGlob;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A source file compiled to a temporary directory, which goes when this is closed; with it the
 * sources that it needs, of its package's directories and beside it, and the jars of its {@code
 * //DEPS}.
 *
 * <p>Used by one thread; closing twice is harmless.
 */
public final class SourceCompiler implements AutoCloseable {

  private final Path source;
  private final SourceDirectives directives;
  private final ClassPath libraries;
  private final TemporaryFolder directory;
  private final Set<String> classNames = new LinkedHashSet<>();

  private SourceCompiler(Path source, SourceDirectives directives, ClassPath libraries) {
    this.source = source;
    this.directives = directives;
    this.libraries = libraries;
    this.directory = temporaryDirectory();
  }

  /**
   * Compiles a source file; what javac has to say about errors becomes the message.
   *
   * @param source the file
   * @param classPath what it needs, besides what it names itself
   * @param messages where is said what takes long
   */
  public static SourceCompiler compile(Path source, ClassPath classPath, PrintStream messages) {
    if (!Files.isRegularFile(source)) {
      throw new UsageException("TARGET: there is no source file " + source + near(source));
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
    SourceDirectives directives = SourceDirectives.read(source);
    List<Path> jars = new MavenDependencies(source, messages).resolve(directives);
    ClassPath libraries =
        new ClassPath(Stream.concat(classPath.entries().stream(), jars.stream()).toList());
    SourceCompiler compiled = new SourceCompiler(source, directives, libraries);
    try {
      compiled.compile(javac);
      return compiled;
    } catch (IOException e) {
      compiled.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      compiled.close();
      throw e;
    }
  }

  private static String near(Path source) {
    Path folder = Optional.ofNullable(source.toAbsolutePath().getParent()).orElse(source);
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .toList();
      List<String> near = NearNames.of(source.getFileName().toString(), names);
      return near.isEmpty() ? "" : "; did you mean " + source.resolveSibling(near.get(0)) + "?";
    } catch (IOException noSuchFolder) {
      return "";
    }
  }

  private void compile(JavaCompiler javac) throws IOException {
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
            javac.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        Recorder recorder = new Recorder(files)) {
      var units = files.getJavaFileObjectsFromPaths(sources());
      recorder.main = files.getJavaFileObjects(source).iterator().next();
      if (!javac.getTask(messages, recorder, null, options(), null, units).call()) {
        throw new UsageException(
            "TARGET: " + source + " does not compile:\n" + messages.toString().stripTrailing());
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("TARGET: //JAVAC_OPTIONS of " + source + ": " + e.getMessage(), e);
    }
  }

  /** Notes the classes that are made of the file itself. */
  private final class Recorder extends ForwardingJavaFileManager<JavaFileManager> {

    private @Nullable JavaFileObject main; // once it is known

    Recorder(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling)
        throws IOException {
      if (main != null && sibling instanceof JavaFileObject from && isSameFile(from, main)) {
        classNames.add(className);
      }
      return super.getJavaFileForOutput(location, className, kind, sibling);
    }
  }

  private List<Path> sources() {
    Set<Path> sources = new LinkedHashSet<>();
    sources.add(source);
    for (String pattern : directives.sources()) {
      Collection<String> found = FileGlob.find(source.resolveSibling(pattern).toString());
      if (found.isEmpty()) {
        throw new UsageException(
            "TARGET: //SOURCES of " + source + ": there is no " + source.resolveSibling(pattern));
      }
      found.stream().map(Path::of).filter(file -> !file.equals(source)).forEach(sources::add);
    }
    return List.copyOf(sources);
  }

  private List<String> options() {
    String path = libraries.joined();
    String own = System.getProperty("java.class.path");
    List<String> options =
        new ArrayList<>(
            List.of(
                "-d",
                directory.path().toString(),
                "-parameters",
                "-g",
                "-proc:none",
                "-nowarn",
                "-classpath",
                path.isEmpty() ? own : path + System.getProperty("path.separator") + own));
    sourceRoot().ifPresent(root -> options.addAll(List.of("-sourcepath", root.toString())));
    options.addAll(directives.compilerOptions());
    return options;
  }

  /** Gives the directory that the packages start in; empty if the file is not where its says. */
  private Optional<Path> sourceRoot() {
    Path folder = source.toAbsolutePath().normalize().getParent();
    if (directives.packageName().isEmpty()) {
      return Optional.ofNullable(folder);
    }
    Path packages = Path.of(directives.packageName().replace('.', '/'));
    if (folder == null || !folder.endsWith(packages)) {
      return Optional.empty();
    }
    Path root = folder;
    for (int i = 0; i < packages.getNameCount(); i++) {
      root = Objects.requireNonNull(root.getParent());
    }
    return Optional.of(root);
  }

  private static TemporaryFolder temporaryDirectory() {
    try {
      return TemporaryFolder.create("procpool-classes", () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for compiled classes", e);
    }
  }

  /** Gives what its workers need: the compiled classes, the user's class path, the dependencies. */
  public ClassPath classPath() {
    return libraries.with(directory.path());
  }

  /** Gives the classes made of the file itself. */
  public Collection<String> classNames() {
    return List.copyOf(classNames);
  }

  /** Gives the options that the file asks for. */
  public List<String> jvmOptions() {
    return directives.jvmOptions();
  }

  @Override
  public void close() {
    directory.close();
  }
}
