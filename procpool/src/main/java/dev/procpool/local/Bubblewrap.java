package dev.procpool.local;

import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.sandbox.BoxPaths;
import dev.procpool.local.sandbox.BubblewrapVersion;
import dev.procpool.local.sandbox.InnerLimits;
import dev.procpool.local.sandbox.SandboxPrograms;
import dev.procpool.local.sandbox.ShellNames;
import dev.procpool.local.sandbox.ShownPaths;
import dev.procpool.local.sandbox.SteadyPaths;
import dev.procpool.local.sandbox.SystemCallFilter;
import dev.procpool.local.sandbox.SystemFiles;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces of Linux for each worker process, by bubblewrap: see {@link Sandbox#bubblewrap}.
 * Immutable.
 *
 * <p>A worker sees, read-only, its Java home, the class path and module path, files that options of
 * its JVM name, and the system's libraries, fonts, time zones, locales and certificates; and what
 * {@link #readable} and {@link #writable} name. Nothing else: no home, nothing of {@code /bin},
 * {@code /usr/bin}, {@code /sbin} and {@code /usr/sbin}, no socket, not what is in the working
 * directory. A class path directory that is or holds the user's home has to be named. {@code /tmp},
 * {@code /var/tmp}, {@code /dev/shm} and {@code /run} are the worker's own, in memory, {@code
 * /proc} and {@code /dev} too; the variable {@code TMPDIR} is {@code /tmp}. It has no network and
 * no capabilities, also if this process is root's; it can't use the kernel's keys, nor make
 * namespaces; it can give no file set-user-ID or set-group-ID; it sees and signals no process but
 * its own, and ends with this process at the latest.
 *
 * <p>It needs {@code bwrap} (package {@code bubblewrap}, 0.7 or later), {@code prlimit} ({@code
 * util-linux}) and a kernel that lets this user make namespaces; many containers don't. Keys,
 * namespaces within, set-user-ID and AF_VSOCK are refused on x86-64 and AArch64.
 */
public final class Bubblewrap implements Sandbox, Serializable {

  @Serial private static final long serialVersionUID = 1;

  private static final String PROGRAM = "bwrap";
  private static final String SHELL = "/bin/sh";
  private static final String LIMITS = "prlimit";

  /** Has a shell open the file with the filter of system calls, and replace itself. */
  private static final String OPEN_FILTER = "exec \"$@\" 9<\"$0\"";

  /** The same, and the file with variables that the shell may lose. */
  private static final String OPEN_BOTH = OPEN_FILTER + " 8<\"$0-variables\"";

  /** The filter; null if there is none for this processor. */
  private static final byte @Nullable [] SYSTEM_CALLS =
      SystemCallFilter.program(System.getProperty("os.arch", ""));

  private static final String FILTER_DESCRIPTOR = "9";
  private static final String FILTER = "system-calls";
  private static final String VARIABLES_DESCRIPTOR = "8";
  private static final String VARIABLES = FILTER + "-variables";

  /** Names of the user's keys. */
  private static final Path KEYS = Path.of("/proc/keys");

  private static final Path NOTHING = Path.of("/dev/null");

  private static final long MEBIBYTE = 1024L * 1024;

  /** Of {@link #fileSize}: nothing was asked for. */
  private static final long BY_DEFAULT = 0;

  private static final long DEFAULT_FILE_SIZE = 1024 * MEBIBYTE;

  /** Options by which the heap is a file, as large as the heap may be. */
  private static final List<String> HEAP_IS_FILE = List.of("-XX:+UseZGC", "-XX:AllocateHeapAt=");

  /** What it shows, and how. */
  @SuppressWarnings("serial") // a record is data to our codec
  private final BoxPaths paths;

  /** Whether it has the machine's network. */
  private final boolean hasNetwork;

  /** How many bytes its temporary directory may have. */
  private final long temporarySpace;

  /** How many processes it may have. */
  private final long processes;

  /** How many bytes a file may have. */
  private final long fileSize;

  private Bubblewrap(
      BoxPaths paths, boolean hasNetwork, long temporarySpace, long processes, long fileSize) {
    this.paths = paths;
    this.hasNetwork = hasNetwork;
    this.temporarySpace = temporarySpace;
    this.processes = processes;
    this.fileSize = fileSize;
  }

  static Bubblewrap byDefault() {
    return new Bubblewrap(BoxPaths.NONE, false, 512 * MEBIBYTE, 1024, BY_DEFAULT);
  }

  /**
   * Leaves workers the network of this process: that of the machine, its own services on it, and
   * sockets with abstract names.
   *
   * @return the sandbox with that
   */
  public Bubblewrap network() {
    return new Bubblewrap(paths, true, temporarySpace, processes, fileSize);
  }

  /**
   * Lets workers read directories and files, for instance documents, or {@code /usr} and {@code
   * /bin} for tasks that start programs. Sockets and pipes in a directory can be used as well.
   *
   * @param more absolute paths that exist when the pool is built
   * @return the sandbox with that
   * @since 0.2.0
   */
  public Bubblewrap readable(Path... more) {
    return with(paths.readable(more));
  }

  /**
   * Lets workers read and write directories or files. These can't hold what workers or this program
   * run: Java home, class path, the pool's directory. What else is named within one is directly in
   * it, or in another that is named: what is deeper, workers could move away.
   *
   * @param more absolute paths that exist when the pool is built
   * @return the sandbox with that
   */
  public Bubblewrap writable(Path... more) {
    return with(paths.writable(more));
  }

  /**
   * Has workers find directories empty that lie in what {@link #readable} or {@link #writable}
   * show. They can't be, or hold, what workers need: their working directory, class path or Java
   * home, or the pool's directory in {@code java.io.tmpdir}.
   *
   * @param more absolute paths of directories that exist when the pool is built
   * @return the sandbox with that
   */
  public Bubblewrap hidden(Path... more) {
    return with(paths.hidden(more));
  }

  /**
   * Limits what a worker may have in each of {@code /tmp}, {@code /var/tmp}, {@code /dev/shm} and
   * {@code /run}. It is memory of the machine, and not of the JVM's heap. What is in files counts:
   * the kernel's memory for the files themselves, about 1 KiB each, does not. The memory shared
   * with the pool and the file of a crash are elsewhere; {@link #fileSize} limits each. Default:
   * 512 MiB.
   *
   * @param bytes at least 1; {@code Long.MAX_VALUE} for no limit
   * @return the sandbox with that
   * @throws IllegalArgumentException if it is not positive
   * @since 0.2.0
   */
  public Bubblewrap temporarySpace(long bytes) {
    return new Bubblewrap(
        paths, hasNetwork, positive("temporarySpace", bytes), processes, fileSize);
  }

  /**
   * Limits how many processes and threads a worker may have at a time. A JVM itself needs some
   * dozens. Has no effect if this process is root's, and on Linux before 5.14. Default: 1024.
   *
   * @param number at least 1; {@code Integer.MAX_VALUE} for no limit
   * @return the sandbox with that
   * @throws IllegalArgumentException if it is not positive
   * @since 0.2.0
   */
  public Bubblewrap processes(int number) {
    long limit = positive("processes", number);
    return new Bubblewrap(
        paths,
        hasNetwork,
        temporarySpace,
        number == Integer.MAX_VALUE ? Long.MAX_VALUE : limit,
        fileSize);
  }

  /**
   * Limits how large a file a worker may write, wherever it may write. Default: 1 GiB; none if
   * {@code -XX:+UseZGC} or {@code -XX:AllocateHeapAt} is among the worker's options, since the heap
   * is a file of its largest size then: with these, allow for it.
   *
   * @param bytes at least a mebibyte; {@code Long.MAX_VALUE} for no limit
   * @return the sandbox with that
   * @throws IllegalArgumentException if it is less
   * @since 0.2.0
   */
  public Bubblewrap fileSize(long bytes) {
    if (bytes < MEBIBYTE) { // the memory shared with the pool is a file, too
      throw new IllegalArgumentException("fileSize must be at least 1 MiB, was " + bytes);
    }
    return new Bubblewrap(paths, hasNetwork, temporarySpace, processes, bytes);
  }

  private Bubblewrap with(BoxPaths other) {
    return new Bubblewrap(other, hasNetwork, temporarySpace, processes, fileSize);
  }

  private static long positive(String option, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was " + value);
    }
    return value;
  }

  @Override
  public void prepare(Start start) throws IOException {
    Path program = SandboxPrograms.find(PROGRAM);
    if (program != null && temporarySpace != Long.MAX_VALUE) {
      BubblewrapVersion.check(program);
    }
    SteadyPaths steady = paths.check(start);
    steady.checkMemory(MemoryFiles.folder());
    steady.note(start.directory());
    if (SYSTEM_CALLS != null) {
      Files.write(start.directory().resolve(FILTER), SYSTEM_CALLS);
      Map<String, String> lost = ShellNames.lost(start.environment());
      if (!lost.isEmpty()) {
        ShellNames.write(lost, start.directory().resolve(VARIABLES));
      }
    }
  }

  @Override
  public List<String> command(Start start) {
    new SteadyPaths(paths).checkUnchanged(start.directory());
    List<String> words = new ArrayList<>();
    boolean isFiltered = SYSTEM_CALLS != null;
    boolean losesVariables = isFiltered && !ShellNames.lost(start.environment()).isEmpty();
    if (isFiltered) {
      words.addAll(List.of(SHELL, "-c", losesVariables ? OPEN_BOTH : OPEN_FILTER));
      words.add(start.directory().resolve(FILTER).toString());
    }
    Path program = SandboxPrograms.find(PROGRAM); // the worker's PATH may be another
    words.addAll(List.of(program == null ? PROGRAM : program.toString(), "--unshare-all"));
    if (hasNetwork) {
      words.add("--share-net");
    }
    words.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
    if (isFiltered) {
      words.addAll(List.of("--seccomp", FILTER_DESCRIPTOR));
    }
    if (losesVariables) {
      words.addAll(List.of("--args", VARIABLES_DESCRIPTOR));
    }
    words.addAll(List.of("--setenv", "TMPDIR", BoxPaths.OWN.get(0).toString()));
    Path limits = SandboxPrograms.find(LIMITS);
    words.addAll(tree(start, limits).options());
    for (Path anew : BoxPaths.ANEW) { // no file of the kernel's can be written, root's neither
      words.addAll(List.of("--remount-ro", anew.toString()));
    }
    words.addAll(List.of("--chdir", start.workingDirectory().toString(), "--"));
    if (limits != null) { // else build() has told
      words.addAll(InnerLimits.command(limits.toString(), processes, largestFile(start)));
    }
    return words;
  }

  private long largestFile(Start start) {
    if (fileSize != BY_DEFAULT) {
      return fileSize;
    }
    boolean isHeap =
        start.options().stream()
            .anyMatch(option -> HEAP_IS_FILE.stream().anyMatch(option::startsWith));
    return isHeap ? Long.MAX_VALUE : DEFAULT_FILE_SIZE;
  }

  private ShownPaths tree(Start start, @Nullable Path limits) {
    ShownPaths shown = new ShownPaths();
    for (Path anew : BoxPaths.ANEW) {
      shown.addOwn(anew, List.of("--" + anew.getFileName(), anew.toString()));
    }
    for (Path own : BoxPaths.OWN) {
      shown.addOwn(own, inMemory(own));
    }
    if (Files.exists(KEYS)) {
      shown.addOwn(KEYS, List.of("--ro-bind", NOTHING.toString(), KEYS.toString()));
    }
    SystemFiles.all(hasNetwork).forEach(path -> shown.add(path, ShownPaths.How.READ));
    if (limits != null) {
      shown.add(limits, ShownPaths.How.READ);
    }
    BoxPaths.needed(start).forEach(path -> shown.add(path, ShownPaths.How.READ));
    shown.add(start.workingDirectory(), ShownPaths.How.DIRECTORY);
    paths.addTo(shown);
    shown.add(start.directory(), ShownPaths.How.READ);
    shown.add(start.secluded(), ShownPaths.How.COVERED);
    shown.add(start.memory(), ShownPaths.How.WRITE);
    shown.add(start.crashFile(), ShownPaths.How.WRITE);
    return shown;
  }

  private List<String> inMemory(Path path) {
    return temporarySpace == Long.MAX_VALUE
        ? List.of("--tmpfs", path.toString())
        : List.of("--size", Long.toString(temporarySpace), "--tmpfs", path.toString());
  }

  @Override
  public List<String> programs() {
    return List.of(PROGRAM, LIMITS, SHELL);
  }

  @Override
  public boolean hasOwnTemporaryFolder() {
    return true;
  }
}
