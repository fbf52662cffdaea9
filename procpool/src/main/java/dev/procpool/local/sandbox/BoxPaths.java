package dev.procpool.local.sandbox;

import dev.procpool.spi.SandboxCommand;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What users ask of {@code Bubblewrap} to be shown and hidden, beside what workers need. Immutable.
 */
public record BoxPaths(List<Path> readable, List<Path> writable, List<Path> hidden) {

  /** What a worker has of its own, in memory. */
  public static final List<Path> OWN =
      List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"), Path.of("/dev/shm"));

  /** What bubblewrap makes anew, with all that is in it, by an option of that name. */
  public static final List<Path> ANEW = List.of(Path.of("/dev"), Path.of("/proc"));

  public static final BoxPaths NONE = new BoxPaths(List.of(), List.of(), List.of());

  /** So many jars of one directory are shown by their directory, if it has jars alone. */
  private static final int MANY_JARS = 8;

  private static final String JAR = ".jar";

  public BoxPaths readable(Path... more) {
    return new BoxPaths(with(readable, more), writable, hidden);
  }

  public BoxPaths writable(Path... more) {
    return new BoxPaths(readable, with(writable, more), hidden);
  }

  public BoxPaths hidden(Path... more) {
    return new BoxPaths(readable, writable, with(hidden, more));
  }

  private static List<Path> with(List<Path> paths, Path... more) {
    List<Path> all = new ArrayList<>(paths);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  // ------------------------------------------------------------------ what is shown

  /** Adds what the user asked for. */
  public void addTo(ShownPaths shown) {
    readable.forEach(path -> shown.add(path, ShownPaths.How.READ));
    writable.forEach(path -> shown.add(path, ShownPaths.How.WRITE));
    hidden.forEach(path -> shown.add(path, ShownPaths.How.COVERED));
  }

  /**
   * What a worker needs to start, and its classes; but for what {@link #check} has found to hold
   * the user's home.
   */
  public static Set<Path> needed(SandboxCommand.Start start) {
    Set<Path> needed = new LinkedHashSet<>();
    Map<Path, List<Path>> jars = new HashMap<>();
    for (Path path : start.readable()) {
      Path folder = path.getParent();
      if (folder != null && isJar(path)) {
        jars.computeIfAbsent(folder, any -> new ArrayList<>()).add(path);
      } else if (!holdsHome(path)) {
        needed.add(path);
      }
    }
    jars.forEach(
        (folder, ofIt) -> {
          if (ofIt.size() >= MANY_JARS && hasJarsAlone(folder)) { // each path takes bubblewrap time
            needed.add(folder);
          } else {
            needed.addAll(ofIt);
          }
        });
    needed.addAll(SystemFiles.linkedFrom(start.readable().get(0)));
    return needed;
  }

  /** Whether a directory is or holds the user's home: who has classes there meant not all else. */
  private static boolean holdsHome(Path path) {
    Path home = Path.of(System.getProperty("user.home", ""));
    return path.getParent() == null // and with it all there is
        || home.isAbsolute() && (home.startsWith(path) || real(home).startsWith(real(path)));
  }

  private static boolean isJar(Path path) {
    return path.toString().endsWith(JAR);
  }

  private static boolean hasJarsAlone(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        // a link may lead out of it
        if (!isJar(file) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  // ------------------------------------------------------------------ what contradicts

  /**
   * Looks whether all of it can be done.
   *
   * @return where the paths lead now
   * @throws IllegalArgumentException that names the option and the path at fault
   */
  public SteadyPaths check(SandboxCommand.Start start) {
    readable.forEach(path -> checkShown("readable", path));
    writable.forEach(path -> checkShown("writable", path));
    for (Path path : hidden) {
      checkExists("hidden", path);
      if (!Files.isDirectory(path)) {
        throw refused("hidden", path, "is no directory: hide the one that it is in");
      }
      checkHidden(path, start);
    }
    for (Path path : start.readable()) {
      if (holdsHome(path) && !isNamed(path)) {
        throw new IllegalArgumentException(
            "the sandbox does not show the class path's directory "
                + path
                + " by itself, since it is or holds your home, with all that is in it: have the"
                + " classes in a directory of their own, or say readable("
                + path
                + ")");
      }
    }
    SteadyPaths steady = new SteadyPaths(this);
    steady.check(start);
    return steady;
  }

  private boolean isNamed(Path path) {
    return Stream.concat(readable.stream(), writable.stream())
        .anyMatch(named -> real(path).startsWith(real(named)));
  }

  private static void checkShown(String option, Path path) {
    checkExists(option, path);
    Path real = real(path);
    for (Path anew : ANEW) {
      if (path.startsWith(anew) || real.startsWith(anew)) {
        throw refused(option, path, "is in " + anew + ", of which workers have their own");
      }
    }
    for (Path own : OWN) {
      if (path.equals(own) || real.equals(own)) {
        throw refused(
            option, path, "is a directory of which workers have their own: name what is in it");
      }
    }
  }

  private static void checkExists(String option, Path path) {
    if (!path.isAbsolute()) {
      throw refused(
          option,
          path,
          "is relative: name an absolute path, as Path.of(…).toAbsolutePath() gives it");
    }
    if (!Files.exists(path)) {
      throw refused(
          option, path, "does not exist, or this user can't see it: make it before the pool");
    }
  }

  private void checkHidden(Path path, SandboxCommand.Start start) {
    Set<Path> same = new HashSet<>();
    readable.forEach(one -> same.add(real(one)));
    writable.forEach(one -> same.add(real(one)));
    if (same.contains(real(path))) {
      throw refused("hidden", path, "is also named by readable or writable: leave one out");
    }
    checkHolds(path, start.workingDirectory(), "the workers' working directory");
    checkHolds(path, start.directory(), "the pool's directory, which is in java.io.tmpdir");
    for (Path needed : start.readable()) {
      checkHolds(path, needed, "the workers' Java home, class path or module path");
    }
  }

  private static void checkHolds(Path hidden, Path needed, String what) {
    if (needed.normalize().startsWith(hidden.normalize())
        || real(needed).startsWith(real(hidden))) {
      throw refused(
          "hidden",
          hidden,
          "is or holds "
              + needed
              + ", which is of "
              + what
              + ": workers need that, so hide directories within or beside it, or leave this out:"
              + " without readable or writable, workers see no more of it than they need");
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) { // not there any more
      return path.normalize();
    }
  }

  static IllegalArgumentException refused(String option, Path path, String why) {
    return new IllegalArgumentException(
        "the sandbox can't do " + option + "(" + path + "), which " + why);
  }
}
