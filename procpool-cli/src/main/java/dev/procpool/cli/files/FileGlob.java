package dev.procpool.cli.files;

import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    return find(pattern, Set.of(), new TreeMap<>());
  }

  /**
   * Finds files.
   *
   * @param pattern the pattern
   * @param own keys of files that are never among them: where the results go
   * @param unreadable is told what could not be looked into, and why, that may hold such files
   */
  public static Collection<String> find(
      String pattern, Set<Object> own, Map<String, String> unreadable) {
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
          new Collector(glob, matcher, directories, own, found, unreadable));
      return found;
    } catch (PatternSyntaxException | InvalidPathException e) {
      throw new UsageException("--files '" + pattern + "' is no pattern: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory that the search starts in: what stands before the first wildcard. */
  private static String fixedPart(String glob) {
    int wildcard = wildcard(glob);
    if (wildcard == glob.length()) {
      return glob;
    }
    int slash = glob.lastIndexOf('/', wildcard);
    return slash < 0 ? "" : slash == 0 ? "/" : glob.substring(0, slash);
  }

  private static int wildcard(String glob) {
    int wildcard = 0;
    while (wildcard < glob.length() && "*?[{".indexOf(glob.charAt(wildcard)) < 0) {
      wildcard++;
    }
    return wildcard;
  }

  private static boolean hasWildcard(String glob) {
    return wildcard(glob) < glob.length();
  }

  private static int depthBelow(Path base, String glob) {
    int names = glob.split("/+", -1).length;
    int own = base.toString().isEmpty() ? 0 : base.getNameCount() + (base.isAbsolute() ? 1 : 0);
    return Math.max(0, names - own);
  }

  /** Takes the matching files; says what can't be read that may hold some. */
  private static final class Collector extends SimpleFileVisitor<Path> {

    private final String glob;
    private final PathMatcher matcher;
    private final boolean directories;
    private final Set<Object> own;
    private final Set<String> found;
    private final Map<String, String> unreadable;

    Collector(
        String glob,
        PathMatcher matcher,
        boolean directories,
        Set<Object> own,
        Set<String> found,
        Map<String, String> unreadable) {
      this.glob = glob;
      this.matcher = matcher;
      this.directories = directories;
      this.own = own;
      this.found = found;
      this.unreadable = unreadable;
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
      boolean wanted = attributes.isDirectory() ? directories : !directories;
      if (wanted && !isPassedOver(attributes) && matcher.matches(path)) {
        add(path);
      }
      return FileVisitResult.CONTINUE;
    }

    /** Nobody means a pipe by a star, and to open one may wait for ever. */
    private boolean isPassedOver(BasicFileAttributes attributes) {
      return attributes.isOther() && hasWildcard(glob)
          || attributes.fileKey() != null && own.contains(attributes.fileKey());
    }

    private void add(Path path) {
      boolean local = path.getFileSystem() == FileSystems.getDefault();
      found.add(local ? path.toString() : path.toUri().toString());
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      boolean nothing = e instanceof NoSuchFileException || e instanceof FileSystemLoopException;
      if (!nothing && (matcher.matches(path) || mayHoldMatches(path))) {
        unreadable.put(
            path.toString(), e instanceof AccessDeniedException ? "no permission" : e.toString());
      }
      return FileVisitResult.CONTINUE;
    }

    /** Compares the names of a folder with the first of the pattern. */
    private boolean mayHoldMatches(Path folder) {
      String[] names = glob.split("/+", -1);
      int count = folder.toString().split("/+", -1).length;
      String first = String.join("/", Arrays.copyOf(names, Math.min(count, names.length)));
      return first.contains("**")
          || first.contains("{")
          || count < names.length
              && folder.getFileSystem().getPathMatcher("glob:" + first).matches(folder);
    }
  }
}
