package dev.procpool.local;

import dev.procpool.local.archive.ArchiveFolder;
import dev.procpool.local.launch.PathEntries;
import dev.procpool.local.sandbox.SandboxPrograms;
import dev.procpool.local.settings.ArchiveUse;
import dev.procpool.local.settings.ByWorker;
import dev.procpool.local.settings.JvmOptions;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.WorkerEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Options of what a worker process is: its JVM and its world. Each method changes and returns the
 * builder. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class WorkerOptions<B extends WorkerOptions<B>> extends DataOptions<B> {

  private List<String> jvmOptions = List.of();
  private boolean inheritJvmOptions = true;
  private boolean inheritClassPath = true;
  private List<Path> classPath = List.of();
  private @Nullable Path javaHome;
  private boolean inheritEnvironment = true;
  private Map<String, String> environment = Map.of();
  private @Nullable Sandbox sandbox;
  private @Nullable Path workingDirectory;
  private @Nullable Path workerTemp;
  private boolean archivesClasses;
  private ByWorker byWorker = ByWorker.NOTHING;

  /** For builders. */
  protected WorkerOptions() {}

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
   * Adds options for the JVM of each worker, by its number, to those that all have, and wins over
   * them:
   *
   * <pre>{@code
   * ProcessPool.builder().jvmOptions(worker -> List.of("-Dslot=" + worker))
   * }</pre>
   *
   * <p>The function is asked when a worker is started, on a thread of the pool, and at {@code
   * build()} for each of the first workers, so that a mistake is found there. If it throws later,
   * or gives what is no option, the worker can't be started. A worker that takes the place of
   * another has its number, unless it was a {@linkplain ProcessPool.Builder#spareWorkers spare}.
   * Default: nothing.
   *
   * @param ofWorker gives the options of a worker, from its number: 0 for the first
   * @return this
   * @since 0.2.0
   */
  public B jvmOptions(IntFunction<? extends List<String>> ofWorker) {
    byWorker = byWorker.withOptions(ofWorker);
    return self();
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
   * Sets whether workers have the class path of this process. If not, they have procpool's own jar
   * and what {@link #classPath(List)} adds, and ask this process for every other class that a task
   * needs: for a host whose class path is not the user's, such as an application server's. Modules
   * of the module path they have in any case. Default: true.
   *
   * @param inherit whether they have it
   * @return this
   * @since 0.2.0
   */
  public B inheritClassPath(boolean inherit) {
    inheritClassPath = inherit;
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
   * Adds one variable to the environment that workers have, to those that were added before.
   *
   * @param name the variable's name
   * @param value its value
   * @return this
   * @throws IllegalArgumentException if it can't be passed on as it is
   * @since 0.2.0
   */
  public B environment(String name, String value) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return environment(variables);
  }

  /**
   * Adds variables to the environment of each worker, by its number, to those that all have. An
   * example gives each worker a graphics card of its own:
   *
   * <pre>{@code
   * ProcessPool.builder().environment(worker -> Map.of("CUDA_VISIBLE_DEVICES", "" + worker))
   * }</pre>
   *
   * <p>The function is asked as that of {@link #jvmOptions(IntFunction)} is. Default: nothing.
   *
   * @param ofWorker gives the variables of a worker, from its number: 0 for the first
   * @return this
   * @since 0.2.0
   */
  public B environment(IntFunction<? extends Map<String, String>> ofWorker) {
    byWorker = byWorker.withEnvironment(ofWorker);
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
   * Has workers that are started later start from an archive of the classes that workers have
   * loaded, yours and those of your libraries: class-data sharing, which spares a JVM reading and
   * checking them. The archive is made in the background once the pool's first call has ended, of
   * what workers have loaded by then, and kept in the user's cache folder for the next program with
   * the same main class, jars and options. The pool's own classes are archived in any case.
   *
   * <p>No code of yours runs for it: the classes are loaded, not initialized. Only those from jars
   * are archived that are on the class path before its first directory. No effect with a sandbox,
   * with {@link InsightOptions#debugWorkers}, {@link #jvmOptions(IntFunction)} or options that have
   * to do with archives, agents or {@code -Xlog}, with modules on the module path, another {@link
   * #javaHome}, {@code -Dprocpool.cache=off}, and in pools that tasks make. Default: false.
   *
   * @param archive whether it is made and used
   * @return this
   * @since 0.2.0
   */
  public B archiveClasses(boolean archive) {
    archivesClasses = archive;
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
    PathEntries entries = new PathEntries(workingDirectory);
    classPath.forEach(entry -> entries.of(entry.toString()));
  }

  boolean inheritsClassPath() {
    return inheritClassPath;
  }

  /** Where the values are that another JVM has shared; null if there is none. */
  @Nullable Path sharedFolder() {
    return null;
  }

  /** Of {@link LifeOptions}. */
  boolean keepsChildren() {
    return false;
  }

  /** What was said of a worker. */
  WorkerSetup setup(int worker) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(byWorker.optionsOf(worker));
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(byWorker.environmentOf(worker));
    return new WorkerSetup(
        options,
        inheritJvmOptions,
        inheritClassPath,
        classPath,
        javaHome,
        inheritEnvironment,
        variables,
        sandbox,
        workingDirectory,
        workerTemp,
        archivesClasses);
  }

  void takeOver(WorkerSetup setup) {
    jvmOptions = setup.jvmOptions();
    inheritJvmOptions = setup.inheritJvmOptions();
    inheritClassPath = setup.inheritClassPath();
    classPath = setup.classPath();
    javaHome = setup.javaHome();
    inheritEnvironment = setup.inheritEnvironment();
    environment = setup.environment();
    sandbox = setup.sandbox();
    workingDirectory = setup.workingDirectory();
    workerTemp = setup.workerTemp();
    archivesClasses = setup.archivesClasses();
    byWorker = ByWorker.NOTHING;
  }

  /** How a worker's process is started. */
  PoolSettings.Jvm jvm() {
    List<String> options = new ArrayList<>(codecJvmOptions());
    options.addAll(jvmOptions); // of two that contradict the later one wins
    Path home = javaHome();
    WorkerEnvironment variables = new WorkerEnvironment(inheritEnvironment, environment);
    return new PoolSettings.Jvm(
        inheritJvmOptions
            ? JvmOptions.inheriting(List.copyOf(options), variables, home)
            : JvmOptions.of(List.copyOf(options)),
        inheritJvmOptions,
        inheritClassPath,
        classPath,
        sharedFolder(),
        home,
        variables,
        sandbox,
        workingDirectory,
        workerTemp(),
        keepsChildren(),
        byWorker.changesJvm() ? ArchiveUse.NONE : ArchiveFolder.byDefault(archivesClasses),
        byWorker);
  }
}
