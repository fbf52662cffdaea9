package dev.procpool.cli.files;

import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * The files that a pattern matches, sorted. {@code **} crosses directories, none included; a
 * pattern that ends in {@code /} matches directories; one that starts with {@code jrt:/} searches
 * the modules of the running JDK, under the URIs that the JDK itself gives their files: {@code
 * jrt:/java.base/java/lang/Object.class}.
 */
public final class FileGlob {

  private static final String JRT = "jrt:";
  private static final String JRT_ROOT = "/modules";

  private FileGlob() {}

  public static Collection<String> find(String pattern) {
    boolean jrt = pattern.startsWith(JRT);
    FileSystem fileSystem =
        jrt ? FileSystems.getFileSystem(URI.create("jrt:/")) : FileSystems.getDefault();
    String glob = jrt ? JRT_ROOT + pattern.substring(JRT.length()) : pattern;
    boolean directories = glob.endsWith("/") && glob.length() > 1;
    glob = directories ? glob.substring(0, glob.length() - 1) : glob;
    Set<String> found = new TreeSet<>();
    try {
      Path base = fileSystem.getPath(fixedPart(glob));
      PathMatcher matcher = fileSystem.getPathMatcher("glob:" + glob.replace("**/", "{**/,}"));
      int depth = glob.contains("**") ? Integer.MAX_VALUE : depthBelow(base, glob);
      Files.walkFileTree(
          base,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          depth,
          new Collector(matcher, directories, found));
      return found;
    } catch (PatternSyntaxException | InvalidPathException e) {
      throw new UsageException("--files '" + pattern + "' is no pattern: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory that the search starts in: what stands before the first wildcard. */
  private static String fixedPart(String glob) {
    int wildcard = 0;
    while (wildcard < glob.length() && "*?[{".indexOf(glob.charAt(wildcard)) < 0) {
      wildcard++;
    }
    if (wildcard == glob.length()) {
      return glob;
    }
    int slash = glob.lastIndexOf('/', wildcard);
    return slash < 0 ? "" : slash == 0 ? "/" : glob.substring(0, slash);
  }

  private static int depthBelow(Path base, String glob) {
    int names = glob.split("/+", -1).length;
    int own = base.toString().isEmpty() ? 0 : base.getNameCount() + (base.isAbsolute() ? 1 : 0);
    return Math.max(0, names - own);
  }

  /** Takes the matching files; passes over what can't be read. */
  private static final class Collector extends SimpleFileVisitor<Path> {

    private final PathMatcher matcher;
    private final boolean directories;
    private final Set<String> found;

    Collector(PathMatcher matcher, boolean directories, Set<String> found) {
      this.matcher = matcher;
      this.directories = directories;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      if (directories && matcher.matches(path)) {
        add(path);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      if (attributes.isDirectory() ? directories : !directories) {
        if (matcher.matches(path)) {
          add(path);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    private void add(Path path) {
      boolean local = path.getFileSystem() == FileSystems.getDefault();
      found.add(local ? path.toString() : path.toUri().toString());
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException unreadable) {
      return FileVisitResult.CONTINUE;
    }
  }
}
