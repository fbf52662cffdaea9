package dev.procpool.spark.driver;

import dev.procpool.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import scala.jdk.javaapi.CollectionConverters;

/** Has executors get procpool's own classes. Without state but for the jars that were made. */
public final class Jars {

  private static final List<Path> MADE = new ArrayList<>();

  private Jars() {}

  /** Adds the jars to a context; those that it has are not added again. */
  public static synchronized void add(JavaSparkContext context) {
    if (MADE.isEmpty()) {
      MADE.add(jar(Pool.class, "procpool"));
      MADE.add(jar(Jars.class, "procpool-spark"));
    }
    for (Path jar : MADE) {
      boolean isThere =
          CollectionConverters.asJava(context.sc().listJars()).stream()
              .anyMatch(known -> known.endsWith("/" + jar.getFileName()));
      if (!isThere) {
        context.addJar(jar.toUri().toString());
      }
    }
  }

  private static Path jar(Class<?> type, String name) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("the jar of " + type.getName() + " can't be found");
    }
    Path place = file(source.getLocation(), name);
    try {
      return Files.isDirectory(place) ? pack(place, name) : place;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of a location: a jar within a jar, as Spring Boot makes them, is none. */
  static Path file(URL location, String name) {
    try {
      return Path.of(location.toURI());
    } catch (URISyntaxException | FileSystemNotFoundException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the classes of "
              + name
              + " are in "
              + location
              + ", which is no file that could be sent to executors: start the program with "
              + name
              + ".jar as a file on its class path, or with its classes in the program's own jar"
              + " (shaded)",
          e);
    }
  }

  /** Packs a directory of classes, as in a build. */
  private static Path pack(Path directory, String name) throws IOException {
    Path jar = Files.createTempFile(name + "-", ".jar");
    jar.toFile().deleteOnExit();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        out.putNextEntry(new JarEntry(directory.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
