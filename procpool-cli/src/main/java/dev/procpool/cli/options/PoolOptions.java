package dev.procpool.cli.options;

import dev.procpool.cli.limit.RateLimit;
import dev.procpool.cli.message.UsageException;
import dev.procpool.local.Bubblewrap;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about worker processes: how they start, live and end. Filled by picocli. */
public final class PoolOptions {

  private static final int MOST_NICE = 19;

  @Option(
      names = {"-w", "--workers"},
      paramLabel = "N",
      converter = WorkerCount.Converter.class,
      description =
          "The number of worker processes, or a share of the processors, as 50%%. Default: one a"
              + " processor.")
  public @Nullable WorkerCount workers;

  @Option(
      names = {"-J", "--jvm-option"},
      paramLabel = "OPTION",
      description = "An option for the workers' JVMs, as -J-Xmx2g. Repeatable.")
  public List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = "--init",
      paramLabel = "METHOD",
      description =
          "A static method without parameters that each worker calls once, before its first item and"
              + " before the target's object is made: Setup::load on --classpath, or a method of the"
              + " source file that TARGET names. No item's --timeout counts it.")
  public @Nullable String init;

  @Option(
      names = "--max-items",
      paramLabel = "N",
      description =
          "Replace a worker by a new process once it has run N items: for code that leaks. Default:"
              + " never.")
  @Nullable Integer maxItems;

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = ByteSizeConverter.class,
      description =
          "Replace a worker, between two items, once it takes more memory than this, as 800m or 2g,"
              + " after garbage was collected. Default: never.")
  @Nullable Long maxMemory;

  @Option(
      names = "--rate",
      paramLabel = "N/TIME",
      converter = RateLimit.Converter.class,
      description =
          "Start at most so many items in a time, evenly: 10/s, 100/m, 5000/h. Default: no limit.")
  public @Nullable RateLimit rate;

  @Option(
      names = "--nice",
      paramLabel = "N",
      description =
          "The workers' niceness, 1 to 19: other programs get the processor first. Default: this"
              + " program's.")
  @Nullable Integer nice;

  @Option(
      names = "--sandbox",
      description =
          "Box workers in (Linux, by bubblewrap): no network, no process but their own, no file but"
              + " Java, the class path, the system's libraries and what --readable and --writable"
              + " name.")
  boolean sandbox;

  @Option(
      names = "--readable",
      paramLabel = "PATH",
      description =
          "What boxed workers may read: a file, or a directory and all in it. Repeatable.")
  List<Path> readable = new ArrayList<>();

  @Option(
      names = "--writable",
      paramLabel = "PATH",
      description = "What boxed workers may write, too. Repeatable.")
  List<Path> writable = new ArrayList<>();

  @Option(names = "--network", description = "Boxed workers may use the network.")
  boolean network;

  /** Refuses what can't be, naming the option. */
  void check(boolean inProcess) {
    if (workers != null) {
      workers.check();
    }
    RunOptions.positive("--max-items", maxItems);
    if (nice != null && (nice < 1 || nice > MOST_NICE)) {
      throw new UsageException("--nice must be 1 to 19, was " + nice);
    }
    if (!sandbox && (network || !readable.isEmpty() || !writable.isEmpty())) {
      throw new UsageException(
          "--readable, --writable and --network open the box of --sandbox: give --sandbox too");
    }
    Optional<String> ofProcesses = ofProcesses();
    if (inProcess && ofProcesses.isPresent()) {
      throw new UsageException(
          ofProcesses.get()
              + " is for worker processes, and with --in-process there are none: leave one out");
    }
  }

  /** Gives an option that is given and means nothing without worker processes. */
  private Optional<String> ofProcesses() {
    return init != null ? Optional.of("--init") : ofThisMachine();
  }

  /** Gives an option that is given and is for worker processes of this machine. */
  Optional<String> ofThisMachine() {
    return Stream.of(
            maxItems == null ? null : "--max-items",
            maxMemory == null ? null : "--max-memory",
            nice == null ? null : "--nice",
            sandbox ? "--sandbox" : null)
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  int workerCount() {
    int processors = Runtime.getRuntime().availableProcessors();
    return workers == null ? processors : workers.of(processors);
  }

  /** Says it to a pool. */
  public void apply(ProcessPool.Builder builder) {
    if (maxItems != null) {
      builder.maxTasksPerWorker(maxItems);
    }
    if (maxMemory != null) {
      builder.maxWorkerMemory(maxMemory);
    }
    box().ifPresent(builder::sandbox);
  }

  /** What goes before the command that starts a worker. */
  private Optional<Sandbox> box() {
    Optional<Sandbox> niced =
        Optional.ofNullable(nice).map(n -> Sandbox.of("nice", "-n", Integer.toString(n)));
    if (!sandbox) {
      return niced;
    }
    Bubblewrap bubblewrap =
        Sandbox.bubblewrap().readable(absolute(readable)).writable(absolute(writable));
    Sandbox box = network ? bubblewrap.network() : bubblewrap;
    return Optional.of(niced.map(outer -> outer.around(box)).orElse(box));
  }

  private static Path[] absolute(List<Path> paths) {
    return paths.stream().map(Path::toAbsolutePath).map(Path::normalize).toArray(Path[]::new);
  }
}
