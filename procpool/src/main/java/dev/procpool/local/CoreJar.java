package dev.procpool.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * The jar with the pool's own classes, for workers to start from, where the class path does not
 * have them: a plug-in's loader does, or one that reads jars within a jar.
 */
final class CoreJar {

  private static final String OWN_CLASSES = "dev/procpool/";

  private CoreJar() {}

  /**
   * Finds it; if it lies within another jar, copies it to the pool's directory.
   *
   * @return the jar or directory; empty if the user's class path is trusted to have it
   * @throws IOException if it can't be found or copied
   */
  static Optional<Path> path(PoolSettings settings, PoolDirectory directory) throws IOException {
    CodeSource source = CoreJar.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location != null) {
      try {
        Path path = Path.of(location.toURI()).toAbsolutePath();
        // Spring Boot makes a file system of a jar within its jar
        if (path.getFileSystem().equals(FileSystems.getDefault()) && Files.exists(path)) {
          return Optional.of(path);
        }
      } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
        // no file of the default file system: look inside
      }
      URLConnection connection = location.openConnection();
      if (connection instanceof JarURLConnection jar) {
        return Optional.of(copy(jar.getJarFile(), directory.file("procpool.jar")));
      }
    }
    if (!settings.classPath().isEmpty()) {
      return Optional.empty();
    }
    throw new IOException(
        "the class loader that has procpool's classes, "
            + CoreJar.class.getClassLoader()
            + ", read them from "
            + location
            + ", where no worker can: pass procpool's jar to ProcessPool.builder().classPath(…)");
  }

  private static Path copy(JarFile jar, Path target) throws IOException {
    try (OutputStream file = Files.newOutputStream(target);
        JarOutputStream out = new JarOutputStream(file)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().startsWith(OWN_CLASSES) && !entry.isDirectory()) {
          out.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
    return target;
  }
}
