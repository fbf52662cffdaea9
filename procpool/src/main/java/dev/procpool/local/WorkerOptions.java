package dev.procpool.local;

import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.local.archive.ArchiveFolder;
import dev.procpool.local.launch.DebugPort;
import dev.procpool.local.launch.PathEntries;
import dev.procpool.local.output.CallLabels;
import dev.procpool.local.sandbox.SandboxPrograms;
import dev.procpool.local.settings.Insight;
import dev.procpool.local.settings.JvmOptions;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.LogTarget;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.WorkerEnvironment;
import dev.procpool.observe.Observation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of what a worker process is: its JVM, its world, and what is seen of it. Each method
 * changes and returns the builder. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class WorkerOptions<B extends WorkerOptions<B>> extends DataOptions<B> {

  private List<String> jvmOptions = List.of();
  private boolean inheritJvmOptions = true;
  private List<Path> classPath = List.of();
  private @Nullable Path javaHome;
  private boolean inheritEnvironment = true;
  private Map<String, String> environment = Map.of();
  private @Nullable Sandbox sandbox;
  private @Nullable Path workingDirectory;
  private @Nullable Path workerTemp;
  private WorkerOutput output = WorkerOutput.passThrough();
  private boolean forwardLogs;
  private @Nullable Consumer<? super WorkerLog> logs;
  private int debugPort;
  private boolean keepsChildren;

  WorkerOptions() {}

  /**
   * Sets options for the workers' JVMs. They win over the pool's own and over those that workers
   * have from this process, see {@link #inheritJvmOptions}. By default the serial collector is
   * used, and the heaps of all workers together may take 60 % of the memory of the machine or
   * container.
   *
   * @param options as for the {@code java} command, for instance {@code -Xmx512m}; {@code @file}
   *     names a file with more, which is read at once
   * @return this
   * @throws IllegalArgumentException if one is no option, or can't be passed on as it is
   */
  public B jvmOptions(List<String> options) {
    jvmOptions = List.copyOf(JvmOptions.checked(options));
    return self();
  }

  /**
   * Sets options for the workers' JVMs, as {@link #jvmOptions(List)} does.
   *
   * @param options as for the {@code java} command, an option each
   * @return this
   * @throws IllegalArgumentException if one is no option, or can't be passed on as it is
   * @since 0.2.0
   */
  public B jvmOptions(String... options) {
    return jvmOptions(List.of(options));
  }

  /**
   * Sets whether workers have those options of this process's JVM that change what code means or
   * does: {@code --enable-preview}, {@code --add-opens} and its like, {@code -ea}, {@code -Xss},
   * properties of the JDK such as {@code file.encoding} and {@code user.timezone}. It does not
   * matter whether they come from the command line, an argument file, an environment variable or
   * the manifest of the program's jar. Of what {@code JAVA_TOOL_OPTIONS}, {@code JDK_JAVA_OPTIONS}
   * and {@code _JAVA_OPTIONS} say workers get all else too, but for what belongs to one process:
   * collector and heap, debugger, agents, ports. The guide has a table of them. The three variables
   * themselves are not in the environment of workers, unless {@link #environment} adds them.
   *
   * <p>Default: true. If not, workers have none of these options.
   *
   * @param inherit whether they have them
   * @return this
   * @since 0.2.0
   */
  public B inheritJvmOptions(boolean inherit) {
    inheritJvmOptions = inherit;
    return self();
  }

  /**
   * Adds to the class path that workers have from this process. Default: nothing.
   *
   * @param entries directories and jars
   * @return this
   */
  public B classPath(List<Path> entries) {
    classPath = List.copyOf(entries);
    return self();
  }

  /**
   * Adds to the class path that workers have from this process, as {@link #classPath(List)} does.
   *
   * @param entries directories and jars
   * @return this
   * @since 0.2.0
   */
  public B classPath(Path... entries) {
    return classPath(List.of(entries));
  }

  /**
   * Sets the Java that workers run. Default: this process's own.
   *
   * @param directory what {@code java.home} would be; Java 17 or newer, able to read the classes
   * @return this
   */
  public B javaHome(Path directory) {
    javaHome = Objects.requireNonNull(directory, "directory");
    return self();
  }

  /**
   * Sets whether workers have the environment of this process, with whatever secrets are in it. If
   * not, they have of it what a JVM and the programs that it starts need to run as usual, and
   * nothing else: {@code PATH}, {@code LANG}, {@code LANGUAGE}, all {@code LC_*}, {@code TZ} and
   * {@code TMPDIR}; on Windows, where case does not count, {@code PATH}, {@code PATHEXT}, {@code
   * SystemRoot}, {@code SystemDrive}, {@code windir}, {@code ComSpec}, {@code TEMP} and {@code
   * TMP}. Of options in {@code JAVA_TOOL_OPTIONS} and its like they have then what they would have
   * of the command line: see {@link #inheritJvmOptions}. What {@link #environment} adds they have
   * in any case. Default: true.
   *
   * @param all whether they have all of it
   * @return this
   */
  public B inheritEnvironment(boolean all) {
    inheritEnvironment = all;
    return self();
  }

  /**
   * Adds variables to the environment that workers have from this process. What {@code
   * JAVA_TOOL_OPTIONS} says here is meant for workers: all of it counts, and where it contradicts
   * an option of the pool's own, that gives way. Default: nothing.
   *
   * @param variables names and values
   * @return this
   * @throws IllegalArgumentException if one can't be passed on as it is
   */
  public B environment(Map<String, String> variables) {
    environment = WorkerEnvironment.checked(variables);
    return self();
  }

  /**
   * Has workers started by a command that takes rights from them, for instance {@link
   * Sandbox#bubblewrap()}. They still have the environment of this process: see {@link
   * #inheritEnvironment}. Default: none; a worker may do what this process may.
   *
   * @param box the sandbox
   * @return this
   */
  public B sandbox(Sandbox box) {
    sandbox = Objects.requireNonNull(box, "box");
    return self();
  }

  /**
   * Sets the working directory of workers. Default: this process's own. If it is deleted later,
   * workers start in the temporary directory, which is logged once.
   *
   * @param directory an existing directory
   * @return this
   */
  public B workingDirectory(Path directory) {
    workingDirectory = Objects.requireNonNull(directory, "directory");
    return self();
  }

  /**
   * Sets where workers have their temporary files. Each has a folder of its own there as its {@code
   * java.io.tmpdir}, which is removed with all that is in it when the worker has ended, however it
   * has ended. No effect with a sandbox that has a place for temporary files itself. Default: this
   * process's {@code java.io.tmpdir}.
   *
   * @param parent an existing directory
   * @return this
   * @since 0.2.0
   */
  public B workerTemp(Path parent) {
    workerTemp = Objects.requireNonNull(parent, "parent");
    return self();
  }

  /**
   * Sets where the lines go that workers print. Default: {@link WorkerOutput#passThrough()}.
   *
   * @param consumer takes the lines
   * @return this
   */
  public B output(WorkerOutput consumer) {
    output = Objects.requireNonNull(consumer, "consumer");
    return self();
  }

  /**
   * Has what workers log with {@code java.util.logging}, or with {@link System.Logger} where that
   * ends in {@code java.util.logging}, go to this process's own loggers: each record to the {@link
   * System.Logger} of its name, its message after the words {@code worker 3:}. See {@link
   * #forwardLogs(Consumer)} for what is forwarded. Default: workers log as they are configured, as
   * a rule to standard error.
   *
   * <p>What workers log with SLF4J and Log4j goes to the loggers of this process without this, once
   * the module {@code procpool-slf4j} is there.
   *
   * @return this
   */
  public B forwardLogs() {
    forwardLogs = true;
    logs = null;
    return self();
  }

  /**
   * Has a consumer take what workers log with {@code java.util.logging}, or with {@link
   * System.Logger} where that ends in {@code java.util.logging}, which is the JDK's default. The
   * records are taken from the worker's root logger, in the place of its console handlers, after
   * the levels configured in the worker. With the module {@code procpool-slf4j} it also takes what
   * workers log with SLF4J and Log4j, after the levels of this process's loggers. Default: they are
   * not taken.
   *
   * <p>Records come in the order in which a worker logged them, on a thread that carries nothing
   * else. A record has left the worker when the call that logs it returns, so that the last before
   * a crash arrive too. A slow consumer makes a task wait that has logged 256 records more than
   * were taken, and nothing else: no record is dropped, except by a task that is interrupted
   * meanwhile. What the consumer throws is logged once and harms nothing.
   *
   * @param consumer takes the records
   * @return this
   */
  public B forwardLogs(Consumer<? super WorkerLog> consumer) {
    logs = Objects.requireNonNull(consumer, "consumer");
    forwardLogs = true;
    return self();
  }

  /**
   * Lets a debugger attach to the workers: worker 0 listens at this port, worker 1 at the next, and
   * so on, for connections from this machine alone. Workers do not wait for it. Where to attach is
   * logged when a worker starts. Default: no port.
   *
   * <p>While this is set, time limits of items and {@link ProcessPool.Builder#freezeLimit} are off,
   * since they would kill a worker that stands at a breakpoint. {@code cancel(true)} and {@code
   * terminate()} still do. A worker that is replaced is gone before its successor starts, so that
   * the port is free.
   *
   * <p>Whoever may connect to the port can run code as this user: not for production.
   *
   * @param port from 1 to 65535, less the number of workers
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public B debugWorkers(int port) {
    if (port < 1 || port > DebugPort.HIGHEST) {
      throw new IllegalArgumentException(
          "debugWorkers must be a port from 1 to " + DebugPort.HIGHEST + ", was " + port);
    }
    debugPort = port;
    return self();
  }

  /**
   * Sets whether processes that a task starts live on when its worker ends. By default they end
   * with it, and those that they have started, however the worker ends: it crashes, is killed,
   * stopped or replaced, the pool is closed, or this process ends. A worker that is replaced or
   * closed has ended first, its shutdown hooks included.
   *
   * <p>On Linux this holds for daemons too, by a variable in the environment of workers, {@code
   * PROCPOOL_WORKER}, that what they start inherits. What was started without that variable is
   * found only below a worker that the pool itself ends; so is everything on other systems. In a
   * sandbox with processes of its own, such as {@link Sandbox#bubblewrap()}, nothing lives on
   * whatever is set here. Default: false. The idea is Jenkins' {@code ProcessTreeKiller}.
   *
   * @param keep whether they live on
   * @return this
   * @since 0.2.0
   */
  public B keepChildren(boolean keep) {
    keepsChildren = keep;
    return self();
  }

  private Path javaHome() {
    String own = System.getProperty("java.home");
    if (javaHome == null && (own == null || own.isEmpty())) {
      throw new IllegalStateException(
          "this process has no java.home, so that its workers would have no Java to run: say"
              + " ProcessPool.builder().javaHome(path)");
    }
    return javaHome == null ? Path.of(own) : javaHome;
  }

  private @Nullable Path workerTemp() {
    if (workerTemp == null) {
      return null;
    }
    if (!Files.isDirectory(workerTemp) || !Files.isWritable(workerTemp)) {
      throw new IllegalArgumentException(
          "workerTemp is " + workerTemp + ", which is no directory that can be written to");
    }
    return workerTemp.toAbsolutePath();
  }

  /**
   * Looks at what can be wrong before anything is made.
   *
   * @param workers how many there will be
   */
  void check(int workers) {
    if (sandbox != null) {
      SandboxPrograms.check(sandbox);
    }
    if (debugPort + workers - 1 > DebugPort.HIGHEST) {
      throw new IllegalArgumentException(
          "debugWorkers("
              + debugPort
              + ") leaves no port for the last of "
              + workers
              + " workers; choose a lower one");
    }
    PathEntries entries = new PathEntries(workingDirectory);
    classPath.forEach(entry -> entries.of(entry.toString()));
  }

  /** How a worker's process is started. */
  PoolSettings.Jvm jvm() {
    Path home = javaHome();
    WorkerEnvironment variables = new WorkerEnvironment(inheritEnvironment, environment);
    List<String> options = new ArrayList<>(codecJvmOptions());
    options.addAll(jvmOptions); // of two that contradict the later one wins
    return new PoolSettings.Jvm(
        inheritJvmOptions
            ? JvmOptions.inheriting(List.copyOf(options), variables, home)
            : JvmOptions.of(List.copyOf(options)),
        classPath,
        home,
        variables,
        sandbox,
        workingDirectory,
        workerTemp(),
        keepsChildren,
        ArchiveFolder.byDefault());
  }

  WorkerOutput output() {
    return output;
  }

  /** What is shown of workers beside what they print. */
  Insight insight(Observation observation) {
    return new Insight(
        new LogTarget(forwardLogs, logs, LogBridges.ofThisProcess()),
        debugPort,
        new CallLabels(),
        observation);
  }
}
