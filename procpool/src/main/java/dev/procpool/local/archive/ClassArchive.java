package dev.procpool.local.archive;

import dev.procpool.local.settings.PoolSettings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archive of classes that a pool's workers start from, if there is one: what the JVM calls a
 * dynamic archive of class-data sharing. A JVM that is given one checks it against its class path
 * and version, and starts without it if it does not fit.
 *
 * <p>An archive knows jars alone, from the beginning of the class path. So the pool's jar goes
 * first where directories are before it.
 *
 * <p>Thread-safe.
 */
public final class ClassArchive {

  /** All archives of a user together; one takes some 2 to 20 MB. */
  static final long MAX_BYTES = 256L * 1024 * 1024;

  /** Options with which a JVM does not take, or does not make, an archive of the usual kind. */
  private static final List<String> CONFLICTING =
      List.of(
          "-Xshare",
          "-XX:SharedArchiveFile",
          "-XX:ArchiveClassesAtExit",
          "-XX:AOT",
          "-XX:-UseSharedSpaces",
          "-javaagent",
          "-agent",
          "-Xbootclasspath",
          "-Xlog",
          "--patch-module",
          "--upgrade-module-path",
          "--limit-modules",
          "-XX:Flags",
          "-XX:VMOptionsFile",
          "@");

  private final ArchiveFolder folder;
  private final String key;
  private final List<String> recorded;
  private final List<String> classPath;

  /** What workers start from as long as there is no archive of this; null for nothing. */
  private final @Nullable ClassArchive plain;

  /** What users' classes are to be in it; null for none. */
  private final @Nullable LoadedClasses loaded;

  private volatile boolean distrusted;

  /** Whether it was looked at. */
  private volatile boolean intact;

  private ClassArchive(
      ArchiveFolder folder,
      String key,
      List<String> recorded,
      List<String> classPath,
      @Nullable ClassArchive plain,
      @Nullable LoadedClasses loaded) {
    this.folder = folder;
    this.key = key;
    this.recorded = recorded;
    this.classPath = classPath;
    this.plain = plain;
    this.loaded = loaded;
  }

  /**
   * Finds out which archive a pool's workers are to use.
   *
   * @param folder where archives are kept
   * @param settings the pool's
   * @param classPath that of its workers
   * @param directory where workers may write what classes they load
   * @return null if none can be made for them
   */
  public static @Nullable ClassArchive of(
      Path folder, PoolSettings settings, List<String> classPath, Path directory) {
    boolean ours = settings.jvm().home().toString().equals(System.getProperty("java.home"));
    String core = ours ? coreJar() : null;
    ClassArchive plain = core == null ? null : of(folder, settings, classPath, core);
    return plain != null && settings.jvm().archive().hasUsers()
        ? plain.withUsers(
            settings.depth() > 1 ? null : new LoadedClasses(directory)) // else nobody makes it
        : plain;
  }

  /** The same with users' classes. Programs of the same jars have different ones. */
  private ClassArchive withUsers(@Nullable LoadedClasses classes) {
    Hash hash = new Hash();
    hash.add(key);
    String command = System.getProperty("sun.java.command", "");
    int end = command.indexOf(' ');
    hash.add(end < 0 ? command : command.substring(0, end));
    return new ClassArchive(folder, hash.toString(), recorded, classPath, this, classes);
  }

  /** The same for workers of this JVM's kind whose own classes are in a certain place. */
  public static @Nullable ClassArchive of(
      Path folder, PoolSettings settings, List<String> classPath, String core) {
    boolean possible =
        System.getProperty("java.vm.name", "").contains("Server VM")
            && !settings.isSandboxed() // which may not let them at the folder
            && !settings.insight().isDebugging()
            && !conflicts(settings.jvm().options().all())
            && !conflicts(settings.jvm().environment().addedOptions());
    if (!possible || !classPath.contains(core)) {
      return null;
    }
    List<String> ordered = new ArrayList<>(classPath);
    if (jars(ordered).size() <= ordered.indexOf(core)) {
      ordered.remove(core);
      ordered.add(0, core);
    }
    List<String> recorded = jars(ordered);
    if (!recorded.contains(core)) {
      return null;
    }
    Hash hash = new Hash();
    hash.add(System.getProperty("java.vm.version", ""));
    hash.file(Path.of(System.getProperty("java.home"), "lib", "modules"));
    recorded.forEach(jar -> hash.file(Path.of(jar)));
    settings.jvm().options().all().forEach(hash::add);
    settings.jvm().environment().addedOptions().forEach(hash::add);
    return new ClassArchive(
        new ArchiveFolder(folder, MAX_BYTES),
        hash.toString(),
        recorded,
        List.copyOf(ordered),
        null,
        null);
  }

  private static boolean conflicts(List<String> options) {
    for (String option : options) {
      for (String prefix : CONFLICTING) {
        if (option.startsWith(prefix)) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable String coreJar() {
    CodeSource source = ClassArchive.class.getProtectionDomain().getCodeSource();
    try {
      Path path = source == null ? null : Path.of(source.getLocation().toURI()).toAbsolutePath();
      return path == null ? null : path.toString();
    } catch (URISyntaxException | RuntimeException e) {
      return null; // within another jar, or of a loader that does not tell
    }
  }

  /** The files at the beginning of a class path. */
  private static List<String> jars(List<String> classPath) {
    int count = 0;
    while (count < classPath.size() && Files.isRegularFile(Path.of(classPath.get(count)))) {
      count++;
    }
    return List.copyOf(classPath.subList(0, count));
  }

  /** The workers' class path, in the order in which the archive knows it. */
  public List<String> classPath() {
    return classPath;
  }

  /** The part of it that the archive knows. */
  public List<String> recorded() {
    return recorded;
  }

  public String key() {
    return key;
  }

  public ArchiveFolder folder() {
    return folder;
  }

  /** The options for a worker that starts now: none while there is no archive. */
  public List<String> options() {
    if (!isThere()) {
      return plain == null ? List.of() : plain.options();
    }
    intact = true;
    folder.touch(key);
    return using(folder.archive(key));
  }

  private boolean isThere() {
    return !distrusted && folder.has(key) && (intact || folder.isIntact(key));
  }

  /** The options that have a worker tell what it loads, if an archive of that is to be made. */
  public List<String> telling() {
    return loaded == null || distrusted || folder.has(key) ? List.of() : loaded.options();
  }

  /** What is to be in it beside the pool's own classes; null for nothing. */
  public @Nullable LoadedClasses loaded() {
    return loaded;
  }

  /** Options that have a JVM use an archive if it fits, and say nothing if it does not. */
  private static List<String> using(Path archive) {
    List<String> options = new ArrayList<>();
    options.add("-XX:SharedArchiveFile=" + archive);
    options.add("-Xshare:auto");
    options.addAll(silence());
    return options;
  }

  /** Options that have a JVM make an archive at its end. */
  public static List<String> recording(Path archive) {
    List<String> options = new ArrayList<>();
    options.add("-XX:ArchiveClassesAtExit=" + archive);
    options.addAll(silence());
    return options;
  }

  /** What a JVM says of archives is of no use to the user, whose output it would be among. */
  private static List<String> silence() {
    List<String> options = new ArrayList<>();
    options.add("-Xlog:cds*=off");
    if (Runtime.version().feature() >= 24) {
      options.add("-Xlog:aot*=off"); // unknown before, which a JVM would not start with
    }
    return options;
  }

  /** Has workers start without it from now on: one that was given it died at its start. */
  public void distrust() {
    if (plain != null && !isThere()) {
      plain.distrust(); // which it was given
    } else {
      distrusted = true;
      folder.distrust(key);
    }
  }

  /** A name for what it was given; that no two are alike is for the JVM to check. */
  private static final class Hash {

    private long one = 0xcbf29ce484222325L;
    private long other = 0x9e3779b97f4a7c15L;

    void add(String text) {
      for (int i = 0; i < text.length(); i++) {
        add(text.charAt(i));
      }
      add(-1);
    }

    void add(long word) {
      one = (one ^ word) * 0x100000001b3L;
      other = Long.rotateLeft(other * 0xff51afd7ed558ccdL + word, 31);
    }

    void file(Path file) {
      add(file.toString());
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        add(attributes.size());
        add(attributes.lastModifiedTime().toMillis());
      } catch (IOException e) {
        add(-2);
      }
    }

    @Override
    public String toString() {
      return Long.toHexString(one) + Long.toHexString(other);
    }
  }
}
