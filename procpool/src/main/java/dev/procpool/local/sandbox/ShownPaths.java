package dev.procpool.local.sandbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file tree that a worker of {@code Bubblewrap} sees: what is shown of the machine's, at the
 * same paths. A file is shown where it really is, and each link on the way to it as the link that
 * it is; so all names of what is shown mean what they mean outside.
 *
 * <p>One thread at a time.
 */
public final class ShownPaths {

  /** What a worker finds at a path. Of two for one path the later one here counts. */
  public enum How {
    /** A directory, empty unless something within it is shown. */
    DIRECTORY,
    /** What is there, to be read. */
    READ,
    /** What is there, to be read and written. */
    WRITE,
    /** An empty directory, whatever is there. */
    COVERED,
    /** What a worker has of its own, whatever is there. */
    OWN
  }

  /** Longer chains of links lead in a circle, as the system has it. */
  private static final int MOST_LINKS = 40;

  private static final Path ROOT = Path.of("/");

  private final Map<Path, How> paths = new HashMap<>();
  private final Map<Path, List<String>> own = new HashMap<>();
  private final Map<Path, Path> links = new HashMap<>();
  private final Set<Path> noLinks = new HashSet<>();

  /** Adds a path of the worker's own, and the options that make it. */
  public void addOwn(Path path, List<String> options) {
    own.put(path, options);
    paths.put(path, How.OWN);
    noLinks.add(path); // whatever it is outside
  }

  /**
   * Adds a path; does nothing for one that leads nowhere, unless it is to be a directory, nor for
   * the root as one, which is there.
   *
   * @param path absolute
   */
  public void add(Path path, How how) {
    Map<Path, Path> passed = new HashMap<>();
    Path real = real(path, passed);
    if (real == null || how != How.DIRECTORY && !exists(real)) {
      return;
    }
    links.putAll(passed);
    if (how == How.DIRECTORY && real.equals(ROOT)) { // as an entry it would count as shown
      return;
    }
    paths.merge(real, how, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private static boolean exists(Path real) {
    return Files.exists(real, LinkOption.NOFOLLOW_LINKS);
  }

  /** Where a path leads; null if in a circle. */
  @Nullable Path real(Path path) {
    return real(path, new HashMap<>());
  }

  /** The links that a path leads through. */
  Set<Path> linksOf(Path path) {
    Map<Path, Path> passed = new HashMap<>();
    real(path, passed);
    return passed.keySet();
  }

  private @Nullable Path real(Path path, Map<Path, Path> passed) {
    Path at = path.getRoot();
    Deque<Path> open = new ArrayDeque<>();
    path.forEach(open::add);
    int followed = 0;
    for (Path name = open.poll(); name != null && at != null; name = open.poll()) {
      Path next = at.resolve(name).normalize(); // ".." of a path without links is what it says
      Path target = next == null ? null : target(next);
      if (next == null || target == null) {
        at = next;
      } else if (++followed > MOST_LINKS) {
        return null;
      } else {
        passed.put(next, target);
        at = target.isAbsolute() ? target.getRoot() : at;
        List<Path> names = new ArrayList<>();
        target.forEach(names::add);
        for (int i = names.size() - 1; i >= 0; i--) {
          open.push(names.get(i));
        }
      }
    }
    return at;
  }

  private @Nullable Path target(Path path) {
    Path known = links.get(path);
    if (known != null || noLinks.contains(path)) {
      return known;
    }
    try {
      return Files.readSymbolicLink(path);
    } catch (FileSystemException e) { // no link, or not there
      noLinks.add(path);
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The options of bubblewrap that make the tree, outer paths first. */
  public List<String> options() {
    List<Path> all = new ArrayList<>(paths.keySet());
    all.addAll(links.keySet());
    all.sort(Comparator.comparingInt(Path::getNameCount).thenComparing(Path::toString));
    List<String> options = new ArrayList<>();
    List<String> last = new ArrayList<>();
    for (Path path : all) {
      How around = around(path);
      boolean isThere = around == How.READ || around == How.WRITE; // as outside
      How how = paths.get(path);
      String text = path.toString();
      if (how == null) {
        if (!isThere) {
          options.addAll(List.of("--symlink", String.valueOf(links.get(path)), text));
        }
      } else {
        switch (how) {
          case DIRECTORY -> options.addAll(isThere ? List.of() : List.of("--dir", text));
          case READ ->
              options.addAll(around == How.READ ? List.of() : List.of("--ro-bind-try", text, text));
          case WRITE -> options.addAll(List.of("--bind", text, text));
          case COVERED -> {
            options.addAll(isThere ? List.of("--tmpfs", text) : List.of());
            last.addAll(isThere ? List.of("--remount-ro", text) : List.of());
          }
          case OWN ->
              options.addAll(
                  isThere && !Files.exists(path) // nothing can be made in what is read-only
                      ? List.of()
                      : own.getOrDefault(path, List.of()));
        }
      }
    }
    if (!paths.containsKey(ROOT)) { // then it is in memory
      last.addAll(List.of("--remount-ro", ROOT.toString()));
    }
    options.addAll(last); // once all is in place that is within them
    return options;
  }

  /** What the nearest directory around a path is that has been added. */
  private @Nullable How around(Path path) {
    for (Path outer = path.getParent(); outer != null; outer = outer.getParent()) {
      How how = paths.get(outer);
      if (how != null && how != How.DIRECTORY) {
        return how;
      }
    }
    return null;
  }
}
