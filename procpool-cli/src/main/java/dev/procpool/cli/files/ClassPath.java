package dev.procpool.cli.files;

import dev.procpool.cli.message.UsageException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars and directories given by {@code --classpath}. Immutable.
 *
 * @param entries the entries, wildcards resolved, absolute
 */
public record ClassPath(List<Path> entries) {

  public ClassPath {
    entries = List.copyOf(entries);
  }

  /**
   * Reads lists with the system's path separator; {@code dir/*} stands for all jars in a directory.
   */
  public static ClassPath parse(Collection<String> lists) {
    List<Path> entries = new ArrayList<>();
    for (String list : lists) {
      for (String entry : list.split(File.pathSeparator, -1)) {
        if (entry.equals("*") || entry.endsWith("/*") || entry.endsWith(File.separator + "*")) {
          entries.addAll(jarsIn(entry));
        } else if (!entry.isEmpty()) {
          Path path = Path.of(entry);
          if (!Files.exists(path)) {
            throw new UsageException("--classpath: '" + entry + "' does not exist");
          }
          entries.add(path.toAbsolutePath().normalize());
        }
      }
    }
    return new ClassPath(entries);
  }

  private static List<Path> jarsIn(String wildcard) {
    Path directory =
        Path.of(wildcard.equals("*") ? "." : wildcard.substring(0, wildcard.length() - 1));
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
      found.forEach(jar -> jars.add(jar.toAbsolutePath().normalize()));
    } catch (IOException e) {
      throw new UsageException("--classpath: '" + wildcard + "': no directory " + directory, e);
    }
    jars.sort(null);
    return jars;
  }

  /** Gives this class path with a directory in front. */
  public ClassPath with(Path directory) {
    return new ClassPath(Stream.concat(Stream.of(directory), entries.stream()).toList());
  }

  public String joined() {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  public URL[] urls() {
    return entries.stream().map(ClassPath::url).toArray(URL[]::new);
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(path.toString(), e);
    }
  }

  /** Lists all top-level classes on it, for messages; unreadable entries are passed over. */
  public Collection<String> classNames() {
    Collection<String> names = new TreeSet<>();
    for (Path entry : entries) {
      try {
        if (Files.isDirectory(entry)) {
          addClasses(entry, names);
        } else {
          try (FileSystem jar = FileSystems.newFileSystem(entry)) {
            addClasses(jar.getPath("/"), names);
          }
        }
      } catch (IOException | RuntimeException unreadable) {
        // what it holds is then not suggested
      }
    }
    return names;
  }

  private static void addClasses(Path root, Collection<String> names) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && file.indexOf('$') < 0)
          .filter(file -> !file.startsWith("META-INF") && !file.endsWith("-info.class"))
          .map(file -> file.substring(0, file.length() - 6).replace('\\', '/').replace('/', '.'))
          .forEach(names::add);
    }
  }
}
