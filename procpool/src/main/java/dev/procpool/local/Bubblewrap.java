package dev.procpool.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Namespaces of Linux for each worker process, by bubblewrap: see {@link Sandbox#bubblewrap}.
 * Immutable.
 *
 * <p>A worker sees all files that this user sees, read-only; {@code /tmp}, {@code /var/tmp}, {@code
 * /dev/shm} and {@code /run} are empty and its own, in memory, but for what it needs to run. It has
 * no network and no socket of the system, sees and signals no process but its own, and ends with
 * this process at the latest. Crash files of its JVM are lost with its temporary folder.
 *
 * <p>It needs {@code bwrap} (package {@code bubblewrap}) and a kernel that lets this user make
 * namespaces; many containers don't.
 */
public final class Bubblewrap implements Sandbox {

  private static final String PROGRAM = "bwrap";
  private static final List<Path> OWN =
      List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"));

  private static final String EMPTY = "--tmpfs";

  private record Mount(String option, Path path) {}

  private final boolean hasNetwork;
  private final List<Path> writable;
  private final List<Path> hidden;

  Bubblewrap(boolean hasNetwork, List<Path> writable, List<Path> hidden) {
    this.hasNetwork = hasNetwork;
    this.writable = writable;
    this.hidden = hidden;
  }

  /**
   * Leaves workers the network of this process.
   *
   * @return the sandbox with that
   */
  public Bubblewrap network() {
    return new Bubblewrap(true, writable, hidden);
  }

  /**
   * Lets workers write to a directory or file.
   *
   * @param path it exists when a worker starts
   * @return the sandbox with that
   */
  public Bubblewrap writable(Path path) {
    return new Bubblewrap(hasNetwork, with(writable, path), hidden);
  }

  /**
   * Has workers find a directory empty, for instance one with keys.
   *
   * @param directory it exists when a worker starts
   * @return the sandbox with that
   */
  public Bubblewrap hidden(Path directory) {
    return new Bubblewrap(hasNetwork, writable, with(hidden, directory));
  }

  private static List<Path> with(List<Path> paths, Path more) {
    List<Path> all = new ArrayList<>(paths);
    all.add(more.toAbsolutePath().normalize());
    return List.copyOf(all);
  }

  @Override
  public List<String> command(Start start) {
    List<String> words = new ArrayList<>(List.of(PROGRAM, "--unshare-all"));
    if (hasNetwork) {
      words.add("--share-net");
    }
    words.addAll(List.of("--die-with-parent", "--new-session"));
    words.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"));
    List<Mount> mounts = mounts(start);
    mounts.sort(Comparator.comparingInt(mount -> mount.path().getNameCount())); // outer ones first
    for (Mount mount : mounts) {
      words.add(mount.option());
      if (!mount.option().equals(EMPTY)) {
        words.add(mount.path().toString()); // from where
      }
      words.add(mount.path().toString());
    }
    words.addAll(List.of("--chdir", start.workingDirectory().toString(), "--"));
    return words;
  }

  /** What differs from the root; of two at the same place the later one counts. */
  private List<Mount> mounts(Start start) {
    List<Path> covered = new ArrayList<>(OWN);
    covered.removeIf(path -> !Files.isDirectory(path)); // nothing can be made in what is read-only
    covered.addAll(hidden);
    List<Mount> mounts = new ArrayList<>();
    covered.forEach(path -> mounts.add(new Mount(EMPTY, path)));
    start.readable().stream()
        .filter(path -> covered.stream().anyMatch(path::startsWith))
        .forEach(path -> mounts.add(new Mount("--ro-bind-try", path)));
    mounts.add(new Mount("--ro-bind", start.directory()));
    writable.forEach(path -> mounts.add(new Mount("--bind", path)));
    mounts.add(new Mount("--bind", start.memory()));
    return mounts;
  }

  @Override
  public List<String> programs() {
    return List.of(PROGRAM);
  }

  @Override
  public boolean hasOwnTemporaryFolder() {
    return true;
  }
}
