package dev.procpool.jvm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The rest of a class path, which the manifest of a jar on it names: {@code Class-Path}. */
public final class ManifestClassPath {

  private static final String JAR = ".jar";

  private ManifestClassPath() {}

  /**
   * Finds what a jar names, and what that names.
   *
   * @param jar as of {@code java -jar}
   * @return absolute paths, which need not be there, without the jar itself
   */
  public static Set<Path> of(Path jar) {
    Set<Path> found = new LinkedHashSet<>();
    Path first = jar.toAbsolutePath().normalize();
    Deque<Path> open = new ArrayDeque<>(Set.of(first));
    for (Path next = open.poll(); next != null; next = open.poll()) {
      for (String word : classPath(next).split(" +", -1)) {
        Path path = path(next, word);
        if (path != null && !path.equals(first) && found.add(path)) {
          open.add(path);
        }
      }
    }
    return found;
  }

  private static String classPath(Path jar) {
    if (!jar.toString().endsWith(JAR)) {
      return "";
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String value =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return value == null ? "" : value;
    } catch (IOException e) {
      return ""; // the JVM does without it as well
    }
  }

  /** Words are URLs, relative to the jar as a rule. */
  private static @Nullable Path path(Path jar, String word) {
    if (word.isEmpty()) {
      return null;
    }
    try {
      return Path.of(jar.toUri().resolve(URI.create(word))).toAbsolutePath().normalize();
    } catch (RuntimeException e) { // no URL, or not of a file
      return null;
    }
  }
}
