package dev.procpool.local.launch;

import dev.procpool.jvm.ArgumentFile;
import dev.procpool.jvm.Encodings;
import dev.procpool.local.archive.ArchiveFolder;
import dev.procpool.local.archive.ClassArchive;
import dev.procpool.local.classes.CallChain;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.nesting.Nesting;
import dev.procpool.process.ProcessMark;
import dev.procpool.sharing.SharedPlace;
import dev.procpool.spi.TaskOrigin;
import dev.procpool.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command that starts a worker's JVM: the same class and module path as this one's, in an
 * argument file so that no length limit applies.
 *
 * <p>What runs before the first worker is launched keeps clear of streams, lambdas, regular
 * expressions and formats: each of these takes longer in a cold JVM than all the rest here.
 */
public final class WorkerCommand {

  /** Of a worker; this process does not load it. */
  static final String MAIN_CLASS = "dev.procpool.worker.WorkerMain";

  /** Workers leave Ctrl-C to their pool if they can. */
  private static final String SIGNALS = "jdk.unsupported";

  private WorkerCommand() {}

  /** Names it as a class, so that tools that leave out what nobody names do not leave it out. */
  static Class<?> mainClass() {
    return WorkerMain.class;
  }

  /**
   * Writes the argument file.
   *
   * @param name the file's name in the directory
   * @param more options of the pool's own
   * @return the file
   * @throws IOException if the file can't be written
   */
  static Path write(
      PoolSettings settings,
      PoolDirectory directory,
      String name,
      List<String> more,
      List<String> classPath)
      throws IOException {
    Path argFile = directory.file(name);
    StringBuilder text = new StringBuilder();
    if (!settings.isBoxed()) { // else nested pools have it in that
      ArgumentFile.write(directory.option(), text);
    }
    for (String option : more) {
      ArgumentFile.write(option, text);
    }
    for (String argument : arguments(settings, classPath)) {
      ArgumentFile.write(argument, text);
    }
    Files.writeString(argFile, text, Encodings.ofNames());
    return argFile;
  }

  public static Path java(Path javaHome) {
    boolean windows = File.separatorChar == '\\';
    return javaHome.resolve("bin").resolve(windows ? "java.exe" : "java");
  }

  /** All arguments; later ones win, so the user's options come after ours. */
  static List<String> arguments(PoolSettings settings, List<String> classPath) {
    List<String> arguments = new ArrayList<>(settings.jvm().options().inherited());
    for (String option : own(settings)) {
      if (!isSaid(option, settings.jvm().environment().addedOptions())) {
        arguments.add(option);
      }
    }
    arguments.addAll(settings.jvm().options().chosen());
    arguments.addAll(path(settings, classPath));
    return arguments;
  }

  /** The pool's own options. */
  private static List<String> own(PoolSettings settings) {
    List<String> arguments = new ArrayList<>();
    if (!namesCollector(settings.jvm().options().chosen())
        && !namesCollector(settings.jvm().environment().addedOptions())) {
      arguments.add("-XX:+UseSerialGC"); // the smallest and the quickest to start
    }
    arguments.addAll(safepoints());
    if (settings.limits().maxWorkerMemory() > 0) {
      arguments.add("-XX:-ShrinkHeapInSteps"); // a collection gives back what is free,
      arguments.add("-XX:InitialRAMPercentage=0.1"); // but for what the heap began with
    }
    arguments.add("-XX:-UsePerfData"); // else a killed worker leaves a file behind
    arguments.add("-XX:+ExitOnOutOfMemoryError");
    arguments.add("-XX:-CreateCoredumpOnCrash");
    arguments.add("-XX:+DisplayVMOutputToStderr"); // standard output is the user's
    for (String stream : List.of("stdout", "stderr")) {
      arguments.add("-D" + stream + ".encoding=UTF-8");
      arguments.add("-Dsun." + stream + ".encoding=UTF-8"); // its name before Java 19
    }
    arguments.add("-D" + Nesting.PROPERTY + "=" + settings.depth());
    if (Nesting.isWorker()) {
      arguments.add(CallChain.option());
    }
    if (settings.jvm().keepsChildren()) {
      arguments.add("-D" + ProcessMark.KEEP_PROPERTY + "=true");
    }
    Path shared = sharedFolder(settings);
    if (shared != null) {
      arguments.add("-D" + SharedPlace.FOLDER + "=" + shared);
    }
    String cache = System.getProperty(ArchiveFolder.PROPERTY);
    if (cache != null) {
      arguments.add("-D" + ArchiveFolder.PROPERTY + "=" + cache); // for pools nested in tasks
    }
    if (settings.jvm().archive().target() != null) {
      arguments.addAll(ClassArchive.recording(settings.jvm().archive().target()));
    }
    return arguments;
  }

  /** Where workers find values of another JVM: what this worker was told holds for its own too. */
  static @Nullable Path sharedFolder(PoolSettings settings) {
    Path folder = settings.jvm().sharedFolder();
    String own = System.getProperty(SharedPlace.FOLDER);
    return folder == null && own != null ? Path.of(own) : folder;
  }

  /** Tells whether an option of the user's may have the JVM's own words on standard output. */
  public static boolean movesJvmsWords(PoolSettings settings) {
    List<String> options = new ArrayList<>(settings.jvm().options().chosen());
    options.addAll(settings.jvm().environment().addedOptions());
    for (String option : options) {
      if (option.contains("DisplayVMOutputToStd")) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesCollector(List<String> options) {
    for (String option : options) {
      if (option.startsWith("-XX:+Use") && option.endsWith("GC")) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether other options, which a JVM would read before, set the same flag or property. */
  static boolean isSaid(String option, List<String> others) {
    String subject = subject(option);
    for (String other : others) {
      if (subject(other).equals(subject)) {
        return true;
      }
    }
    return false;
  }

  /** What an option sets: a flag or property without its value. */
  private static String subject(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    boolean isSwitch = name.startsWith("-XX:+") || name.startsWith("-XX:-");
    return isSwitch ? "-XX:" + name.substring("-XX:+".length()) : name;
  }

  /**
   * Lets a loop over ints be stopped within; else the serial collector has it run to its end, for
   * minutes perhaps, before the process can halt, and before a thread's stack can be taken. As the
   * default collector has it.
   */
  private static List<String> safepoints() {
    boolean known = System.getProperty("java.vm.name", "").contains("Server VM");
    return known
        ? List.of("-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000")
        : List.of();
  }

  /**
   * The workers' class path: this JVM's unless they are not to have it, what the user adds, the
   * pool's own jar if it is not there.
   *
   * @throws IOException if that jar can't be found or copied
   */
  static List<String> classPath(PoolSettings settings, PoolDirectory directory) throws IOException {
    if (settings.jvm().archive().target() != null) {
      return settings.jvm().archive().recorded();
    }
    Set<String> classPath = new LinkedHashSet<>();
    PathEntries entries = new PathEntries(settings.jvm().workingDirectory());
    boolean inherits = settings.jvm().inheritsClassPath();
    if (inherits) {
      entries.addAll(System.getProperty("java.class.path", ""), classPath);
    }
    for (Path entry : settings.jvm().classPath()) {
      classPath.add(entries.of(entry.toString()));
    }

    if (!WorkerCommand.class.getModule().isNamed()
        && (!inherits || !TaskOrigin.isOfClassPath(WorkerCommand.class.getClassLoader()))) {
      Optional<Path> jar = CoreJar.path(settings, directory);
      if (jar.isPresent()) {
        classPath.add(jar.get().toString());
      }
    }
    return List.copyOf(classPath);
  }

  private static List<String> path(PoolSettings settings, List<String> classPath) {
    Module module = WorkerCommand.class.getModule();
    List<String> arguments = new ArrayList<>();
    if (module.isNamed()) {
      String modulePath = System.getProperty("jdk.module.path", "");
      if (!modulePath.isEmpty()) { // in a runtime image all modules are those of the image
        arguments.add("--module-path");
        Set<String> entries = new LinkedHashSet<>();
        new PathEntries(settings.jvm().workingDirectory()).addAll(modulePath, entries);
        arguments.add(String.join(File.pathSeparator, entries));
      }
      arguments.add("--add-modules");
      String logging = settings.insight().logs().forwards() ? ",java.logging" : "";
      arguments.add(modules(settings.jvm().home()) + logging);
    }
    if (!classPath.isEmpty()) {
      arguments.add("-cp");
      arguments.add(String.join(File.pathSeparator, classPath));
    }
    if (module.isNamed()) {
      arguments.add("-m");
      arguments.add(module.getName() + "/" + MAIN_CLASS);
    } else {
      arguments.add(MAIN_CLASS);
    }
    return arguments;
  }

  /** All modules of this JVM, so that a worker has no fewer, and the one with signals. */
  private static String modules(Path javaHome) {
    boolean hasSignals =
        ModuleFinder.ofSystem().find(SIGNALS).isPresent()
            && javaHome.toString().equals(System.getProperty("java.home"));
    Stream<String> own = ModuleLayer.boot().modules().stream().map(Module::getName);
    return Stream.concat(own, hasSignals ? Stream.of(SIGNALS) : Stream.empty())
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }
}
