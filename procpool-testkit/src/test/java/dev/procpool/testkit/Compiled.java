package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.function.Task1;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A directory of classes that the test compiles and that is on nobody's class path. Immutable. */
record Compiled(Path directory) {

  /** Compiles public top-level classes against ours. */
  static Compiled of(Path directory, String... sources) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("-cp", core().toString(), "-d", directory.toString(), "-g"));
    for (String source : sources) {
      String name = source.replaceAll("(?s).*?public (?:final )?(?:class|record) (\\w+).*", "$1");
      Path file = directory.resolve(name + ".java");
      Files.writeString(file, source);
      arguments.add(file.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(new String[0]));
    assertThat(status).as("javac's status").isZero();
    return new Compiled(directory);
  }

  /** The jar or directory of the pool's own classes. */
  static Path core() throws Exception {
    return place(Task1.class);
  }

  /**
   * The test's class path with a jar, as users have it, in place of the directory of the core.
   *
   * @param directory where to make the jar, if it is not there
   */
  static String classPathWithJar(Path directory) throws Exception {
    Path classes = core();
    String all = System.getProperty("java.class.path");
    if (Files.isRegularFile(classes)) {
      return all;
    }
    Path jar = directory.resolve("core.jar");
    if (!Files.exists(jar)) {
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file);
          Stream<Path> content = Files.walk(classes)) {
        for (Path one : content.filter(Files::isRegularFile).toList()) {
          out.putNextEntry(new JarEntry(classes.relativize(one).toString()));
          Files.copy(one, out);
          out.closeEntry();
        }
      }
    }
    return Arrays.stream(all.split(File.pathSeparator))
        .map(entry -> Path.of(entry).equals(classes) ? jar.toString() : entry)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The jar or directory that a class is from. */
  static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  byte[] file(String className) throws IOException {
    return Files.readAllBytes(directory.resolve(className.replace('.', '/') + ".class"));
  }

  URL url() {
    try {
      return directory.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  URLClassLoader loader() {
    return new URLClassLoader(new URL[] {url()});
  }

  /** Makes an object of a class by its constructor without parameters. */
  @SuppressWarnings("unchecked") // the test knows what it compiled
  static <T> T make(ClassLoader loader, String className) throws Exception {
    return (T) loader.loadClass(className).getDeclaredConstructor().newInstance();
  }
}
