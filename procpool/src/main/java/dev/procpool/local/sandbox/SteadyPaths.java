package dev.procpool.local.sandbox;

import dev.procpool.spi.SandboxCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that paths mean, at each start of a worker, what they meant when the pool was built,
 * whatever workers have done since to what they may write. A worker can't move what is mounted, and
 * so none of the named paths; but it can move a directory between one of these and the writable one
 * around it, and put a link in its place. Immutable, and as the file system was when it was made.
 */
public final class SteadyPaths {

  /** In the pool's directory, where no worker writes. */
  private static final String FILE = "named-paths";

  private static final String SEPARATOR = "\0"; // in no path

  private final BoxPaths paths;

  /** Where each named path leads. */
  private final Map<Path, Path> named = new LinkedHashMap<>();

  /** Names of the writable ones, by where they lead. */
  private final Map<Path, Path> writable = new HashMap<>();

  public SteadyPaths(BoxPaths paths) {
    this.paths = paths;
    List.of(paths.readable(), paths.writable(), paths.hidden())
        .forEach(some -> some.forEach(path -> named.put(path, real(path))));
    paths.writable().forEach(path -> writable.put(real(path), path));
  }

  private static Path real(Path path) {
    Path real = new ShownPaths().real(path);
    return real == null ? path.normalize() : real;
  }

  // ------------------------------------------------------------------ when the pool is built

  /**
   * Looks whether a worker could change what later ones are shown, or what this program runs.
   *
   * @throws IllegalArgumentException that names the option and the path at fault
   */
  void check(SandboxCommand.Start start) {
    if (writable.isEmpty()) {
      return;
    }
    checkApart(start.directory(), "the pool's directory, which is in java.io.tmpdir");
    for (Path needed : start.readable()) {
      checkApart(needed, "the workers' Java home, class path or module path");
    }
    paths.readable().forEach(path -> checkSteady("readable", path));
    paths.writable().forEach(path -> checkSteady("writable", path));
    paths.hidden().forEach(path -> checkSteady("hidden", path));
    List<Path> ofSystem = new ArrayList<>(SystemFiles.all(true));
    ofSystem.addAll(SystemFiles.linkedFrom(start.readable().get(0)));
    for (Path path : ofSystem) {
      Path place = loose(path);
      Path outer = place == null ? null : around(place);
      if (outer != null) {
        throw BoxPaths.refused("writable", outer, holds(path, "what workers see of the system"));
      }
    }
  }

  private void checkApart(Path needed, String what) {
    Set<Path> places = places(needed);
    writable.forEach(
        (real, path) -> {
          if (places.stream().anyMatch(place -> place.startsWith(real))) {
            throw BoxPaths.refused("writable", path, holds(needed, what));
          }
          if (real.startsWith(real(needed))) {
            throw BoxPaths.refused(
                "writable",
                path,
                "is in "
                    + needed
                    + ", which is of "
                    + what
                    + ": workers could put classes there that this program loads, so name a"
                    + " directory elsewhere, or have the classes in one of their own");
          }
        });
  }

  /**
   * Looks whether workers could see and change the memory that others share with the pool.
   *
   * @param folder where that memory has its names
   * @throws IllegalArgumentException if it is in a writable path
   */
  public void checkMemory(Path folder) {
    if (writable.isEmpty()) {
      return;
    }
    Set<Path> places = places(folder.toAbsolutePath());
    writable.forEach(
        (real, path) -> {
          if (places.stream().anyMatch(place -> place.startsWith(real))) {
            throw BoxPaths.refused(
                "writable",
                path,
                "is or holds "
                    + folder
                    + ", where the system property procpool.sharedMemory has the memory that workers"
                    + " share with the pool: they could change each other's, so name another folder"
                    + " by one of the two");
          }
        });
  }

  private static String holds(Path needed, String what) {
    return "is or holds "
        + needed
        + ", which is of "
        + what
        + ": workers could put other files there, for later workers and for this program, so name"
        + " the directories beside it that tasks write to";
  }

  private void checkSteady(String option, Path path) {
    Path place = loose(path);
    Path outer = place == null ? null : around(place);
    if (place == null || outer == null) {
      return;
    }
    if (!place.equals(real(path))) {
      throw BoxPaths.refused(
          option,
          path,
          "leads through the link "
              + place
              + " in writable("
              + outer
              + "): workers could put another in its place, so name where it leads, "
              + real(path));
    }
    Path real = real(outer);
    Path between = real.resolve(place.getName(real.getNameCount()));
    throw BoxPaths.refused(
        option,
        path,
        "has "
            + between
            + " between it and writable("
            + outer
            + "): workers could move "
            + between
            + " away and put another in its place, so name "
            + between
            + " by readable or writable, too, since what is named can't be moved");
  }

  /** What workers could move or replace of the places that a path leads through; null if none. */
  private @Nullable Path loose(Path path) {
    Path real = real(path);
    for (Path place : places(path)) {
      Path outer = around(place);
      if (outer != null && !(place.equals(real) && real(outer).equals(place.getParent()))) {
        return place;
      }
    }
    return null;
  }

  /** Where a path leads, and the links that it leads through. */
  private static Set<Path> places(Path path) {
    Set<Path> places = new LinkedHashSet<>(new ShownPaths().linksOf(path));
    places.add(real(path));
    return places;
  }

  /** The writable path that a place is in, unless it is in a nearer one that is not. */
  private @Nullable Path around(Path place) {
    for (Path outer = place.getParent(); outer != null; outer = outer.getParent()) {
      if (named.containsValue(outer)) {
        return writable.get(outer);
      }
    }
    return null;
  }

  // ------------------------------------------------------------------ for each worker

  /** Takes note of where the named paths lead. */
  public void note(Path directory) throws IOException {
    if (!named.isEmpty()) {
      Files.write(directory.resolve(FILE), text(named.values()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(Iterable<Path> places) {
    StringBuilder text = new StringBuilder();
    places.forEach(path -> text.append(path).append(SEPARATOR));
    return text.toString();
  }

  /**
   * Looks whether the named paths lead to where they led, and what is to be hidden is still there.
   *
   * @throws IllegalStateException that names the path that does not
   */
  public void checkUnchanged(Path directory) {
    for (Path path : paths.hidden()) {
      if (!Files.isDirectory(path)) {
        throw changed(path, "was to be hidden, and is no directory any more");
      }
    }
    if (named.isEmpty()) {
      return;
    }
    String[] before;
    try {
      byte[] bytes = Files.readAllBytes(directory.resolve(FILE));
      before = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR);
    } catch (IOException e) {
      throw new IllegalStateException("the sandbox does not find what it noted at build()", e);
    }
    int i = 0;
    for (Map.Entry<Path, Path> one : named.entrySet()) {
      String then = before[i++];
      if (!one.getValue().toString().equals(then)) {
        throw changed(one.getKey(), "led to " + then + ", and leads to " + one.getValue());
      }
    }
  }

  private static IllegalStateException changed(Path path, String how) {
    return new IllegalStateException(
        "the sandbox can't show what it was asked for: "
            + path
            + " "
            + how
            + ": put back what was there when the pool was built, or make a new pool");
  }
}
