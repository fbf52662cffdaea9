package dev.procpool.local.launch;

import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.settings.PoolSettings;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * The jar with the pool's own classes, for workers to start from, where the class path does not
 * have them: a plug-in's loader does, or one that reads jars within a jar.
 */
final class CoreJar {

  private static final String OWN_CLASSES = "dev/procpool/";
  private static final String CLASS_FILE = ".class";

  /** From these all others are reached: what a worker starts with, and what tasks may use. */
  private static final Set<String> ROOTS =
      Set.of(
          WorkerCommand.MAIN_CLASS,
          "dev.procpool.local.ProcessPool",
          "dev.procpool.inline.InlinePool"); // neither of which is known here

  private CoreJar() {}

  /**
   * Finds it; if there is none that a worker can read, makes one in the pool's directory.
   *
   * @return the jar or directory; empty if the user's class path is trusted to have it
   * @throws IOException if it can't be found or made
   */
  static Optional<Path> path(PoolSettings settings, PoolDirectory directory) throws IOException {
    CodeSource source = CoreJar.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location != null) {
      try {
        Path path = Path.of(location.toURI()).toAbsolutePath();
        // Spring Boot makes a file system of a jar within its jar
        if (path.getFileSystem().equals(FileSystems.getDefault()) && isUsable(path)) {
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
    if (!settings.jvm().classPath().isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> collected =
        collected(CoreJar.class.getClassLoader(), directory.file("procpool.jar"));
    if (collected.isPresent()) {
      return collected;
    }
    throw new IOException(
        "the class loader that has procpool's classes, "
            + CoreJar.class.getClassLoader()
            + ", read them from "
            + location
            + ", where no worker can: pass procpool's jar to ProcessPool.builder().classPath(…)");
  }

  /** Whether a class path can name it, and it has a worker's main class: a bundle's jar has not. */
  private static boolean isUsable(Path path) throws IOException {
    String main = fileOf(WorkerCommand.MAIN_CLASS);
    if (path.toString().contains(File.pathSeparator)) {
      return false;
    }
    if (Files.isDirectory(path)) {
      return Files.exists(path.resolve(main));
    }
    if (!Files.exists(path)) {
      return false;
    }
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.getJarEntry(main) != null;
    }
  }

  private static String fileOf(String className) {
    return className.replace('.', '/') + CLASS_FILE;
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

  /**
   * Asks a loader for the classes one by one: each names those that it refers to.
   *
   * @return empty if the loader shows no class files
   */
  static Optional<Path> collected(ClassLoader loader, Path target) throws IOException {
    Deque<String> open = new ArrayDeque<>();
    ROOTS.forEach(root -> open.add(fileOf(root)));
    Set<String> seen = new HashSet<>(open);
    try (OutputStream file = Files.newOutputStream(target);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String name = open.poll(); name != null; name = open.poll()) {
        try (InputStream in = loader.getResourceAsStream(name)) {
          if (in != null) {
            byte[] content = in.readAllBytes();
            out.putNextEntry(new JarEntry(name));
            out.write(content);
            out.closeEntry();
            addReferences(content, seen, open);
          } else if (name.equals(fileOf(WorkerCommand.MAIN_CLASS))) {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(target);
  }

  /** Whatever in a class file looks like a name of ours may be one. */
  private static void addReferences(byte[] content, Set<String> seen, Deque<String> open) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf(OWN_CLASSES); at >= 0; at = text.indexOf(OWN_CLASSES, at + 1)) {
      int end = at;
      while (end < text.length() && isOfName(text.charAt(end))) {
        end++;
      }
      String name = text.substring(at, end) + CLASS_FILE;
      if (seen.add(name)) {
        open.add(name);
      }
    }
  }

  private static boolean isOfName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '/' && c <= '9'
        || c == '$'
        || c == '_';
  }
}
