package dev.procpool.jvm;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of this JVM that a worker's JVM is started with, too. */
public final class InheritedOptions {

  /** Each with a list of files after it. */
  private static final List<String> PATHS =
      List.of("-Djava.library.path=", "-Xbootclasspath/a:", "--upgrade-module-path=");

  private static final String PATCH = "--patch-module=";
  private static final String FILTER = "-Djdk.serialFilter=";

  /** What a task takes to be read, whatever else a program lets in: the first pattern decides. */
  private static final String TASKS = "dev.procpool.**;java.lang.invoke.SerializedLambda;";

  /** What this process was started with does not change. */
  private static volatile @Nullable JvmArguments arguments;

  private InheritedOptions() {}

  /**
   * Finds them.
   *
   * @param variables of {@link JvmArguments#VARIABLES}, those whose options are for workers as well
   * @param unheard of the same, those that say nothing to workers
   * @param feature the worker's Java version
   * @return the options, in the order in which a JVM is to read them
   */
  public static List<String> find(Set<String> variables, Set<String> unheard, int feature) {
    JvmArguments known = arguments;
    if (known == null) {
      known = JvmArguments.ofThisProcess();
      arguments = known;
    }
    List<String> options = of(known, variables, unheard);
    List<String> understood = new ArrayList<>();
    for (String option : options) {
      if (InheritanceRules.isKnownTo(feature, option)) {
        understood.add(option);
      }
    }
    return understood;
  }

  static List<String> of(JvmArguments arguments, Set<String> variables, Set<String> unheard) {
    List<String> inherited = new ArrayList<>();
    boolean hasAssertions = false;
    for (JvmArguments.Option option : arguments.options()) {
      String variable = option.variable();
      boolean isForAll = variable != null && variables.contains(variable);
      boolean isHeard = variable == null || !unheard.contains(variable);
      if (isHeard && InheritanceRules.isInherited(option.text(), isForAll)) {
        inherited.add(forWorkers(option.text()));
        hasAssertions |= InheritanceRules.isAssertion(option.text());
      }
    }
    if (!hasAssertions && InheritedOptions.class.desiredAssertionStatus()) {
      inherited.add("-ea"); // switched on by a program: by the runners of tests, for instance
    }
    if (arguments.mainJar() != null) {
      MainJar.addOptions(arguments.mainJar(), inherited);
    }
    return inherited;
  }

  /** A worker may have another working directory, and takes in tasks. */
  private static String forWorkers(String option) {
    if (option.startsWith(FILTER)) {
      return FILTER + TASKS + option.substring(FILTER.length());
    }
    for (String beginning : PATHS) {
      if (option.startsWith(beginning)) {
        return beginning + absolutePath(option.substring(beginning.length()));
      }
    }
    if (option.startsWith(PATCH)) {
      int equals = option.indexOf('=', PATCH.length());
      if (equals > 0) {
        return option.substring(0, equals + 1) + absolutePath(option.substring(equals + 1));
      }
    }
    return option;
  }

  private static String absolutePath(String path) {
    List<String> entries = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator, -1)) {
      entries.add(entry.isEmpty() ? entry : Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
