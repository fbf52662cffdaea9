package dev.procpool.local;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Action0;
import dev.procpool.job.JobPool;
import dev.procpool.local.archive.ArchiveFolder;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.launch.DebugPort;
import dev.procpool.local.launch.PathEntries;
import dev.procpool.local.output.CallLabels;
import dev.procpool.local.sandbox.SandboxPrograms;
import dev.procpool.local.settings.Insight;
import dev.procpool.local.settings.JvmOptions;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.LogTarget;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.Spin;
import dev.procpool.local.settings.WorkerEnvironment;
import dev.procpool.nesting.Bootstrapping;
import dev.procpool.nesting.Nesting;
import dev.procpool.observe.Observation;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Backend;
import dev.procpool.spi.ObjectCodec;
import java.io.ObjectInputFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes pools whose workers are JVM processes on this machine.
 *
 * <pre>{@code
 * try (Pool pool = ProcessPool.create()) {
 *   System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
 * }
 * }</pre>
 *
 * <p>Workers run the same Java as this process, with its class path and module path. The first
 * starts when the pool is made, the others when there is work for them, several at a time. They are
 * reused from task to task; each runs one task at a time. A worker that dies is replaced. When this
 * process ends, in whatever way, they end too.
 *
 * <p>All methods are thread-safe, but a {@link Builder} belongs to one thread.
 */
public final class ProcessPool {

  private static final AtomicInteger POOLS = new AtomicInteger();

  private ProcessPool() {}

  /**
   * Makes a pool with one worker for each processor that this JVM may use, as {@link
   * Runtime#availableProcessors()} tells, which obeys container limits.
   *
   * @return the pool
   * @throws java.io.UncheckedIOException if the temporary directory can't be used
   * @throws IllegalStateException if pools are nested too deeply in tasks
   */
  public static Pool create() {
    return builder().build();
  }

  /**
   * Makes a pool.
   *
   * @param workers the number of workers, at least 1
   * @return the pool
   * @throws IllegalArgumentException if {@code workers} is not positive
   * @throws java.io.UncheckedIOException if the temporary directory can't be used
   * @throws IllegalStateException if pools are nested too deeply in tasks
   */
  public static Pool create(int workers) {
    return builder().workers(workers).build();
  }

  /**
   * Begins a pool with options.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The options of a pool. Each method changes and returns the builder. Not thread-safe. */
  public static final class Builder {

    private String name = "pool-" + POOLS.incrementAndGet();
    private int workers = Runtime.getRuntime().availableProcessors();
    private @Nullable Action0 initializer;
    private @Nullable Action0 finalizer;
    private int maxTasksPerWorker;
    private long maxWorkerMemory;
    private @Nullable Duration idleTimeout;
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
    private OnClose onClose = OnClose.JOIN;
    private int restarts = 5;
    private Duration restartWindow = Duration.ofSeconds(10);
    private Duration gracePeriod = Duration.ofSeconds(1);
    private boolean keepsChildren;
    private final List<PoolObserver> observers = new ArrayList<>(0);
    private Duration freezeLimit = Duration.ofSeconds(30);
    private Spin spin = Spin.byDefault();
    private Duration startLimit = Duration.ofSeconds(60);
    private long maxPayload = Integer.MAX_VALUE - 1024;
    private @Nullable ObjectInputFilter resultFilter;
    private @Nullable ObjectCodec objectCodec;

    private Builder() {}

    /**
     * Sets the number of workers. Default: {@link Runtime#availableProcessors()}.
     *
     * @param number at least 1
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder workers(int number) {
      workers = positive("workers", number);
      return this;
    }

    /**
     * Sets an action that each worker runs before its first task, for instance to leave state with
     * {@link dev.procpool.WorkerContext#setState}. If it fails again and again the pool is broken.
     *
     * @param action the action; crosses to the workers by serialization
     * @return this
     */
    public Builder initializer(Action0 action) {
      initializer = Objects.requireNonNull(action, "action");
      return this;
    }

    /**
     * Sets an action that each worker runs at its orderly end: when it is replaced, idle for long,
     * or the pool shuts down, but not when it is killed. It has 5 seconds. Default: nothing.
     *
     * @param action the action; crosses to the workers by serialization
     * @return this
     */
    public Builder finalizer(Action0 action) {
      finalizer = Objects.requireNonNull(action, "action");
      return this;
    }

    /**
     * Has a worker replaced, between two tasks, when its process has more memory in use than this
     * after garbage was collected. Measured on Linux as resident memory that is its own: with what
     * a JVM with {@code -Xms} keeps, without shared values. As heap in use elsewhere. Default: no
     * limit.
     *
     * @param bytes at least 1
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxWorkerMemory(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("maxWorkerMemory must be at least 1, was " + bytes);
      }
      maxWorkerMemory = bytes;
      return this;
    }

    /**
     * Has a worker replaced after it has run so many tasks. Default: never.
     *
     * @param tasks at least 1
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxTasksPerWorker(int tasks) {
      maxTasksPerWorker = positive("maxTasksPerWorker", tasks);
      return this;
    }

    /**
     * Lets a worker end that has had nothing to do for so long; another starts when there is work.
     * Default: never.
     *
     * @param timeout more than zero
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = positive("idleTimeout", timeout);
      return this;
    }

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
    public Builder jvmOptions(List<String> options) {
      jvmOptions = List.copyOf(JvmOptions.checked(options));
      return this;
    }

    /**
     * Sets options for the workers' JVMs, as {@link #jvmOptions(List)} does.
     *
     * @param options as for the {@code java} command, an option each
     * @return this
     * @throws IllegalArgumentException if one is no option, or can't be passed on as it is
     * @since 0.2.0
     */
    public Builder jvmOptions(String... options) {
      return jvmOptions(List.of(options));
    }

    /**
     * Sets whether workers have those options of this process's JVM that change what code means or
     * does: {@code --enable-preview}, {@code --add-opens} and its like, {@code -ea}, {@code -Xss},
     * properties of the JDK such as {@code file.encoding} and {@code user.timezone}. It does not
     * matter whether they come from the command line, an argument file, an environment variable or
     * the manifest of the program's jar. Of what {@code JAVA_TOOL_OPTIONS}, {@code
     * JDK_JAVA_OPTIONS} and {@code _JAVA_OPTIONS} say workers get all else too, but for what
     * belongs to one process: collector and heap, debugger, agents, ports. The guide has a table of
     * them. The three variables themselves are not in the environment of workers, unless {@link
     * #environment} adds them.
     *
     * <p>Default: true. If not, workers have none of these options.
     *
     * @param inherit whether they have them
     * @return this
     * @since 0.2.0
     */
    public Builder inheritJvmOptions(boolean inherit) {
      inheritJvmOptions = inherit;
      return this;
    }

    /**
     * Adds to the class path that workers have from this process. Default: nothing.
     *
     * @param entries directories and jars
     * @return this
     */
    public Builder classPath(List<Path> entries) {
      classPath = List.copyOf(entries);
      return this;
    }

    /**
     * Adds to the class path that workers have from this process, as {@link #classPath(List)} does.
     *
     * @param entries directories and jars
     * @return this
     * @since 0.2.0
     */
    public Builder classPath(Path... entries) {
      return classPath(List.of(entries));
    }

    /**
     * Sets the Java that workers run. Default: this process's own.
     *
     * @param directory what {@code java.home} would be; Java 17 or newer, able to read the classes
     * @return this
     */
    public Builder javaHome(Path directory) {
      javaHome = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Sets whether workers have the environment of this process, with whatever secrets are in it.
     * If not, they have of it what a JVM and the programs that it starts need to run as usual, and
     * nothing else: {@code PATH}, {@code LANG}, {@code LANGUAGE}, all {@code LC_*}, {@code TZ} and
     * {@code TMPDIR}; on Windows, where case does not count, {@code PATH}, {@code PATHEXT}, {@code
     * SystemRoot}, {@code SystemDrive}, {@code windir}, {@code ComSpec}, {@code TEMP} and {@code
     * TMP}. Of options in {@code JAVA_TOOL_OPTIONS} and its like they have then what they would
     * have of the command line: see {@link #inheritJvmOptions}. What {@link #environment} adds they
     * have in any case. Default: true.
     *
     * @param all whether they have all of it
     * @return this
     */
    public Builder inheritEnvironment(boolean all) {
      inheritEnvironment = all;
      return this;
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
    public Builder environment(Map<String, String> variables) {
      environment = WorkerEnvironment.checked(variables);
      return this;
    }

    /**
     * Has workers started by a command that takes rights from them, for instance {@link
     * Sandbox#bubblewrap()}. They still have the environment of this process: see {@link
     * #inheritEnvironment}. Default: none; a worker may do what this process may.
     *
     * @param box the sandbox
     * @return this
     */
    public Builder sandbox(Sandbox box) {
      sandbox = Objects.requireNonNull(box, "box");
      return this;
    }

    /**
     * Sets the working directory of workers. Default: this process's own. If it is deleted later,
     * workers start in the temporary directory, which is logged once.
     *
     * @param directory an existing directory
     * @return this
     */
    public Builder workingDirectory(Path directory) {
      workingDirectory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Sets where workers have their temporary files. Each has a folder of its own there as its
     * {@code java.io.tmpdir}, which is removed with all that is in it when the worker has ended,
     * however it has ended. No effect with a sandbox that has a place for temporary files itself.
     * Default: this process's {@code java.io.tmpdir}.
     *
     * @param parent an existing directory
     * @return this
     * @since 0.2.0
     */
    public Builder workerTemp(Path parent) {
      workerTemp = Objects.requireNonNull(parent, "parent");
      return this;
    }

    /**
     * Sets where the lines go that workers print. Default: {@link WorkerOutput#passThrough()}.
     *
     * @param consumer takes the lines
     * @return this
     */
    public Builder output(WorkerOutput consumer) {
      output = Objects.requireNonNull(consumer, "consumer");
      return this;
    }

    /**
     * Has what workers log with {@code java.util.logging}, or with {@link System.Logger} where that
     * ends in {@code java.util.logging}, go to this process's own loggers: each record to the
     * {@link System.Logger} of its name, its message after the words {@code worker 3:}. See {@link
     * #forwardLogs(Consumer)} for what is forwarded. Default: workers log as they are configured,
     * as a rule to standard error.
     *
     * <p>What workers log with SLF4J and Log4j goes to the loggers of this process without this,
     * once the module {@code procpool-slf4j} is there.
     *
     * @return this
     */
    public Builder forwardLogs() {
      forwardLogs = true;
      logs = null;
      return this;
    }

    /**
     * Has a consumer take what workers log with {@code java.util.logging}, or with {@link
     * System.Logger} where that ends in {@code java.util.logging}, which is the JDK's default. The
     * records are taken from the worker's root logger, in the place of its console handlers, after
     * the levels configured in the worker. With the module {@code procpool-slf4j} it also takes
     * what workers log with SLF4J and Log4j, after the levels of this process's loggers. Default:
     * they are not taken.
     *
     * <p>Records come in the order in which a worker logged them, on a thread that carries nothing
     * else. A record has left the worker when the call that logs it returns, so that the last
     * before a crash arrive too. A slow consumer makes a task wait that has logged 256 records more
     * than were taken, and nothing else: no record is dropped, except by a task that is interrupted
     * meanwhile. What the consumer throws is logged once and harms nothing.
     *
     * @param consumer takes the records
     * @return this
     */
    public Builder forwardLogs(Consumer<? super WorkerLog> consumer) {
      logs = Objects.requireNonNull(consumer, "consumer");
      forwardLogs = true;
      return this;
    }

    /**
     * Lets a debugger attach to the workers: worker 0 listens at this port, worker 1 at the next,
     * and so on, for connections from this machine alone. Workers do not wait for it. Where to
     * attach is logged when a worker starts. Default: no port.
     *
     * <p>While this is set, time limits of items and {@link #freezeLimit} are off, since they would
     * kill a worker that stands at a breakpoint. {@code cancel(true)} and {@code terminate()} still
     * do. A worker that is replaced is gone before its successor starts, so that the port is free.
     *
     * <p>Whoever may connect to the port can run code as this user: not for production.
     *
     * @param port from 1 to 65535, less the number of workers
     * @return this
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder debugWorkers(int port) {
      if (port < 1 || port > DebugPort.HIGHEST) {
        throw new IllegalArgumentException(
            "debugWorkers must be a port from 1 to " + DebugPort.HIGHEST + ", was " + port);
      }
      debugPort = port;
      return this;
    }

    /**
     * Sets what {@link Pool#close()} does with unfinished calls: {@link OnClose#JOIN} waits for
     * them, however long that takes, {@link OnClose#TERMINATE} stops them, {@link
     * OnClose#joinAtMost} does one and then the other. Default: {@link OnClose#JOIN}.
     *
     * @param what what it does
     * @return this
     */
    public Builder onClose(OnClose what) {
      onClose = Objects.requireNonNull(what, "what");
      return this;
    }

    /**
     * Sets how often workers may fail without cost to an item (at their start, or with nothing to
     * do) before the pool is broken: more often than this within the window. Default: 5 in 10
     * seconds. The idea is the restart intensity of Erlang's supervisors.
     *
     * @param failures 0 or more
     * @param window more than zero
     * @return this
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Builder restartIntensity(int failures, Duration window) {
      if (failures < 0) {
        throw new IllegalArgumentException(
            "restartIntensity must be 0 or more failures, was " + failures);
      }
      restartWindow = positive("restartIntensity's window", window);
      restarts = failures;
      return this;
    }

    /**
     * Sets how long an interrupted task has to end before its worker is killed. Default: 1 second.
     *
     * @param period zero or more
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Builder gracePeriod(Duration period) {
      if (period.isNegative()) {
        throw new IllegalArgumentException("gracePeriod must not be negative, was " + period);
      }
      gracePeriod = period;
      return this;
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
    public Builder keepChildren(boolean keep) {
      keepsChildren = keep;
      return this;
    }

    /**
     * Sets how long a worker's process may go without processor time, or do nothing with it but
     * collect garbage, before it counts as frozen and is killed. Default: 30 seconds.
     *
     * @param limit at least 2 seconds, since a worker shows a sign of life twice a second
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public Builder freezeLimit(Duration limit) {
      if (limit.compareTo(Duration.ofSeconds(2)) < 0) {
        throw new IllegalArgumentException("freezeLimit must be at least 2 seconds, was " + limit);
      }
      freezeLimit = limit;
      return this;
    }

    /**
     * Sets how long workers, the pool and callers keep looking for what they wait for before they
     * sleep. A wake-up takes some five microseconds; with a wait longer than the gap between calls
     * there is none, and a call of a small task takes a fraction of the time. The price is a busy
     * processor for each of them for so long. Default: 20 microseconds, not for callers; nothing on
     * a single processor.
     *
     * @param wait how long, up to a second; zero to sleep at once
     * @return this
     * @throws IllegalArgumentException if it is negative or more than a second
     */
    public Builder spinWait(Duration wait) {
      if (wait.isNegative() || wait.compareTo(Duration.ofSeconds(1)) > 0) {
        throw new IllegalArgumentException("spinWait must be between 0 and 1 second, was " + wait);
      }
      spin = Spin.of(wait);
      return this;
    }

    /**
     * Sets how long a worker's JVM may take to start and connect, before the initializer runs. It
     * is killed after that; if no other worker is ready, the pool is broken. Default: 60 seconds.
     *
     * @param limit more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public Builder startLimit(Duration limit) {
      startLimit = positive("startLimit", limit);
      return this;
    }

    /**
     * Sets the most bytes that one encoded argument, result or task may take. A larger one fails
     * its item, with its size in the message. Default and maximum: a little under 2 GiB; more goes
     * as several items or as the name of a file.
     *
     * @param bytes at least 1
     * @return this
     * @throws IllegalArgumentException if it is out of its range
     */
    public Builder maxPayload(long bytes) {
      if (bytes < 1 || bytes > Integer.MAX_VALUE - 1024) {
        throw new IllegalArgumentException(
            "maxPayload must be between 1 and " + (Integer.MAX_VALUE - 1024) + ", was " + bytes);
      }
      maxPayload = bytes;
      return this;
    }

    /**
     * Sets which classes may be deserialized from what workers send. Default: all, in graphs of at
     * most 1000 objects one within the other; a filter of one's own sets its own depth, or none.
     * Whatever the filter, arrays and collections are not made larger than the bytes that came
     * could fill, and a stack too small for a graph fails its item alone.
     *
     * @param filter the filter
     * @return this
     */
    public Builder resultFilter(ObjectInputFilter filter) {
      resultFilter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /**
     * Sets another form than Java serialization for the object graphs in arguments and results; see
     * {@link ObjectCodec} for what goes by it. With a {@link #resultFilter}, or a deserialization
     * filter for the whole JVM, it is used for arguments only, since no filter could look into
     * results. Default: none.
     *
     * @param codec the codec; sent to each worker by Java serialization when that starts
     * @return this
     */
    public Builder objectCodec(ObjectCodec codec) {
      objectCodec = Objects.requireNonNull(codec, "codec");
      return this;
    }

    /**
     * Has an observer told what happens in the pool, on a thread of its own. May be called again
     * for another one. Default: none.
     *
     * @param observer whom to tell
     * @return this
     * @since 0.2.0
     */
    public Builder observer(PoolObserver observer) {
      observers.add(Objects.requireNonNull(observer, "observer"));
      return this;
    }

    /**
     * Names the pool, for its threads and messages. Default: {@code pool-1}, {@code pool-2} …
     *
     * @param text the name
     * @return this
     */
    public Builder name(String text) {
      name = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Makes the pool.
     *
     * @return the pool
     * @throws IllegalArgumentException if {@code debugWorkers} leaves too few ports, or {@code
     *     workerTemp} or {@code classPath} can't be used
     * @throws TaskSerializationException if the initializer, the finalizer or the object codec
     *     can't be serialized
     * @throws java.io.UncheckedIOException if the temporary directory can't be used
     * @throws IllegalStateException if pools are nested too deeply in tasks, a program of the
     *     sandbox is not there, or this process has no {@code java.home} and none was set
     */
    public Pool build() {
      if (Nesting.isWorker() && !Bootstrapping.isUnderWay()) { // else the first call is refused
        Nesting.refuseIfTooDeep();
      }
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
      Path home = javaHome();
      WorkerEnvironment workerEnvironment = new WorkerEnvironment(inheritEnvironment, environment);
      ClassSource classes = new ClassSource();
      SharedUses uses = new SharedUses(key -> {}); // until the pool ends, and no worker needs word
      ItemCodec itemCodec =
          objectCodec == null
              ? ItemCodec.NONE
              : new ItemCodec(
                  classes.pin(objectCodec),
                  !isFiltered(),
                  encoded("objectCodec", objectCodec, uses));
      Observation observation = new Observation(name, observers);
      PoolSettings settings =
          new PoolSettings(
              name,
              workers,
              classes,
              classes.pin(initializer == null ? finalizer : initializer),
              encoded("initializer", initializer, uses),
              encoded("finalizer", finalizer, uses),
              uses,
              maxTasksPerWorker,
              maxWorkerMemory,
              idleTimeout,
              inheritJvmOptions
                  ? JvmOptions.inheriting(chosenJvmOptions(), workerEnvironment, home)
                  : JvmOptions.of(chosenJvmOptions()),
              classPath,
              home,
              workerEnvironment,
              sandbox,
              workingDirectory,
              workerTemp(),
              output,
              new Insight(
                  new LogTarget(forwardLogs, logs, LogBridges.ofThisProcess()),
                  debugPort,
                  new CallLabels(),
                  observation),
              restarts,
              restartWindow,
              gracePeriod,
              keepsChildren,
              freezeLimit,
              spin,
              startLimit,
              maxPayload,
              resultFilter,
              objectCodec,
              itemCodec,
              ArchiveFolder.byDefault(),
              Nesting.depthOfWorkers());
      Backend backend =
          Nesting.isWorker()
              ? new NestedBackend(settings)
              : open(settings); // first: a process starts meanwhile
      return new JobPool(name, backend, onClose, observation);
    }

    private static Backend open(PoolSettings settings) {
      Observation observation = settings.insight().observation();
      observation.begin();
      boolean isOpen = false;
      try {
        Backend backend = LocalBackend.open(settings);
        isOpen = true;
        return backend;
      } finally {
        if (!isOpen) {
          observation.terminated();
        }
      }
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

    private List<String> chosenJvmOptions() {
      if (objectCodec == null) {
        return jvmOptions;
      }
      List<String> options = new ArrayList<>(objectCodec.workerJvmOptions());
      options.addAll(jvmOptions); // of two that contradict the later one wins
      return List.copyOf(options);
    }

    /** Tells whether what workers send is read under a filter that was asked for. */
    private boolean isFiltered() {
      return resultFilter != null
          || ObjectInputFilter.Config.getSerialFilter() != null
          || ObjectInputFilter.Config.getSerialFilterFactory().getClass().getClassLoader() != null;
    }

    private byte[] encoded(String option, @Nullable Object action, SharedUses uses) {
      if (action == null) {
        return new byte[0];
      }
      ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
      SharedUses before = uses.enter();
      try {
        new Codec(null, maxPayload).encode(action, out);
      } catch (CodecException e) {
        uses.end();
        throw new TaskSerializationException(
            "the " + option + " can't be serialized: " + e.getMessage(), e);
      } finally {
        SharedUses.leave(before);
      }
      return out.toByteArray();
    }

    private static int positive(String option, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(option + " must be at least 1, was " + value);
      }
      return value;
    }

    private static Duration positive(String option, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(option + " must be positive, was " + value);
      }
      return value;
    }
  }
}
