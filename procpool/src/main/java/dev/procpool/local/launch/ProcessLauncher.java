package dev.procpool.local.launch;

import dev.procpool.jvm.ManifestClassPath;
import dev.procpool.jvm.OptionFiles;
import dev.procpool.local.archive.ClassArchive;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.files.CrashFiles;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.files.WorkerFolders;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.process.ProcessEnd;
import dev.procpool.process.ProcessMark;
import dev.procpool.process.ProcessStart;
import dev.procpool.spi.SandboxCommand;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Starts workers as JVMs on this machine, within the sandbox if there is one. */
public final class ProcessLauncher implements Launcher {

  private final PoolSettings settings;
  private final PoolDirectory directory;
  private final MachineShare share;
  private final WorkerFolders folders;
  private final CrashFiles crashFiles;
  private final WorkingDirectory workingDirectory;
  private final List<String> classPath;

  /** Where the arguments are that all workers have. */
  private final Path arguments;

  private final @Nullable ClassArchive archive;

  /** The class path that the only jar on this one names; empty without a sandbox. */
  private final Set<Path> ofManifest;

  /**
   * Starts sandboxes, one after another; null if there are none. What is to end with its parent
   * ends, as Linux has it, with the thread that has started it: this one lives as long as the pool.
   */
  private final @Nullable ExecutorService starter;

  public ProcessLauncher(PoolSettings settings, PoolDirectory directory, MachineShare share)
      throws IOException {
    this.settings = settings;
    this.directory = directory;
    this.share = share;
    this.crashFiles = new CrashFiles(settings, directory);
    this.workingDirectory = new WorkingDirectory(settings);
    SandboxCommand sandbox = settings.jvm().sandbox();
    this.ofManifest =
        sandbox == null || !settings.jvm().inheritsClassPath() ? Set.of() : ofManifest();
    if (sandbox != null) {
      Path none = directory.path();
      sandbox.prepare(start(settings, none, none, workingDirectory.current()));
    }
    List<String> classPath = WorkerCommand.classPath(settings, directory);
    Path folder = settings.jvm().archive().folder();
    this.archive =
        folder == null ? null : ClassArchive.of(folder, settings, classPath, directory.path());
    this.folders = WorkerFolders.create(settings, directory);
    this.classPath = archive == null ? classPath : archive.classPath();
    this.arguments = write(settings, "jvm.args");
    this.starter = sandbox == null ? null : starter(settings.name());
  }

  private static ExecutorService starter(String pool) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread thread = new Thread(null, work, "procpool-" + pool + "-starter", 0, false);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public Launched launch(long worker, int number, int sharers, String mark, @Nullable Path memory)
      throws IOException {
    List<String> temporary = folders.make(worker);
    Path here = workingDirectory.current();
    try {
      return launch(worker, number, sharers, mark, memory, temporary, here);
    } catch (IOException e) {
      if (here == null || Files.isDirectory(here)) {
        throw e;
      }
      return launch(
          worker,
          number,
          sharers,
          mark,
          memory,
          temporary,
          workingDirectory.current()); // deleted just now
    }
  }

  private Launched launch(
      long worker,
      int number,
      int sharers,
      String mark,
      @Nullable Path memory,
      List<String> temporary,
      @Nullable Path here)
      throws IOException {
    PoolSettings own = settings.ofWorker(number);
    List<String> command = new ArrayList<>();
    SandboxCommand sandbox = settings.jvm().sandbox();
    if (sandbox != null && memory != null) {
      Path crash =
          sandbox.hasOwnTemporaryFolder() ? crashFiles.make(worker) : crashFiles.file(worker);
      command.addAll(sandbox.command(start(own, memory, crash, here)));
    }
    command.add(WorkerCommand.java(settings.jvm().home()).toString());
    for (String option : share.options(sharers, sandbox != null)) { // first, so that the user's win
      if (!WorkerCommand.isSaid(option, own.jvm().environment().addedOptions())) {
        command.add(option);
      }
    }
    List<String> archived = archive == null ? List.of() : archive.options();
    command.addAll(archived);
    command.addAll(archive == null ? List.of() : archive.telling());
    command.addAll(temporary);
    command.addAll(crashFiles.options(worker));
    command.addAll(DebugPort.options(settings.insight(), number));
    command.add(
        "@" + (settings.jvm().byWorker().isNothing() ? arguments : write(own, ofWorker(worker))));
    ProcessBuilder builder = new ProcessBuilder(command);
    own.jvm().environment().apply(builder.environment());
    ProcessMark.put(builder.environment(), mark); // whatever the user's variables are
    if (here != null) {
      builder.directory(here.toFile());
    }
    Process process = starter == null ? ProcessStart.of(builder) : startOn(starter, builder);
    DebugPort.tell(settings.insight(), settings.name(), number, process.pid());
    return new Launched(process, !archived.isEmpty());
  }

  private Path write(PoolSettings of, String name) throws IOException {
    return WorkerCommand.write(of, directory, name, folders.options(), classPath);
  }

  private static String ofWorker(long worker) {
    return "jvm-" + worker + ".args";
  }

  private static Process startOn(ExecutorService starter, ProcessBuilder builder)
      throws IOException {
    CompletableFuture<Process> started = new CompletableFuture<>();
    starter.execute(
        () -> {
          try {
            Process process = ProcessStart.of(builder);
            if (!started.complete(process)) {
              ProcessEnd.force(process); // nobody waits for it any more
            }
          } catch (Throwable e) {
            started.completeExceptionally(e);
          }
        });
    try {
      return started.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      if (!started.cancel(false) && !started.isCompletedExceptionally()) {
        ProcessEnd.force(started.join());
      }
      Thread.currentThread().interrupt();
      throw new IOException("the pool ended while a worker was being started", e);
    }
  }

  private SandboxCommand.Start start(
      PoolSettings of, Path memory, Path crashFile, @Nullable Path here) {
    Path absolute = (here == null ? Path.of("") : here).toAbsolutePath().normalize();
    Map<String, String> variables = new HashMap<>(System.getenv());
    of.jvm().environment().apply(variables);
    List<String> options = options(of);
    return new SandboxCommand.Start(
        directory.path(),
        memory,
        crashFile,
        readable(absolute, options),
        absolute,
        options,
        variables);
  }

  private static List<String> options(PoolSettings of) {
    List<String> options = new ArrayList<>(of.jvm().options().all());
    options.addAll(of.jvm().environment().addedOptions());
    return options;
  }

  /** As {@code java -jar} has it, and tools that shorten class paths. */
  private static Set<Path> ofManifest() {
    String classPath = System.getProperty("java.class.path", "");
    boolean isOne = !classPath.isEmpty() && !classPath.contains(File.pathSeparator);
    return isOne ? ManifestClassPath.of(Path.of(classPath)) : Set.of();
  }

  private List<Path> readable(Path workingDirectory, List<String> options) {
    Set<Path> paths = new LinkedHashSet<>();
    paths.add(settings.jvm().home());
    boolean inherits = settings.jvm().inheritsClassPath();
    for (String property :
        inherits ? List.of("java.class.path", "jdk.module.path") : List.of("jdk.module.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          paths.add(Path.of(entry));
        }
      }
    }
    paths.addAll(ofManifest);
    paths.addAll(settings.jvm().classPath());
    Path shared = WorkerCommand.sharedFolder(settings);
    if (shared != null) {
      paths.add(shared);
    }
    CodeSource own = ProcessLauncher.class.getProtectionDomain().getCodeSource();
    if (own != null && own.getLocation().getProtocol().equals("file")) {
      try {
        paths.add(Path.of(own.getLocation().toURI()));
      } catch (URISyntaxException e) {
        // it is on the class path as well, then
      }
    }
    OptionFiles.of(options).forEach(path -> paths.add(workingDirectory.resolve(path)));
    return paths.stream().map(path -> path.toAbsolutePath().normalize()).distinct().toList();
  }

  @Override
  public @Nullable CrashFile crash(long worker, long pid, Instant startedAt) {
    return crashFiles.take(worker, pid, startedAt);
  }

  @Override
  public void ended(long worker) {
    folders.remove(worker);
    crashFiles.remove(worker);
    if (!settings.jvm().byWorker().isNothing()) {
      directory.remove(directory.file(ofWorker(worker)));
    }
  }

  @Override
  public void deleteStale() {
    folders.deleteStale();
  }

  @Override
  public void close() {
    folders.close();
    if (starter != null) {
      starter.shutdown();
    }
  }

  @Override
  public int sharers() {
    return share.sharers();
  }

  @Override
  public boolean hasTooMuch(int sharers) {
    return sharers > 0 && sharers < share.sharers();
  }

  @Override
  public void distrustArchive() {
    if (archive != null) {
      archive.distrust();
    }
  }

  /** The archive of classes that workers start from once there is one; null for none. */
  public @Nullable ClassArchive archive() {
    return archive;
  }
}
