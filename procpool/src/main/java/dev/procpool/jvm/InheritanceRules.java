package dev.procpool.jvm;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which options of a JVM another one needs for the same code to mean and do the same, and which
 * belong to one process alone. The table in the guide's page on workers says the same.
 */
final class InheritanceRules {

  private static final String FLAG = "-XX:";
  private static final String PROPERTY = "-D";

  /** Options that change what code means or may do. Each stands for all that begin with it. */
  private static final List<String> MEANING =
      List.of(
          "--enable-preview",
          "--add-exports=",
          "--add-modules=",
          "--add-opens=",
          "--add-reads=",
          "--enable-final-field-mutation=",
          "--enable-native-access=",
          "--finalization=",
          "--illegal-final-field-mutation=",
          "--illegal-native-access=",
          "--limit-modules=",
          "--patch-module=",
          "--sun-misc-unsafe-memory-access=",
          "--upgrade-module-path=",
          "-Xbootclasspath/a:",
          "-Xss",
          "-Xverify",
          "-noverify");

  private static final Set<String> ASSERTIONS =
      Set.of(
          "-ea",
          "-enableassertions",
          "-da",
          "-disableassertions",
          "-esa",
          "-enablesystemassertions",
          "-dsa",
          "-disablesystemassertions");

  /** Flags that change what code sees; the first three let others be set. */
  private static final Set<String> MEANING_FLAGS =
      Set.of(
          "UnlockDiagnosticVMOptions",
          "UnlockExperimentalVMOptions",
          "IgnoreUnrecognizedVMOptions",
          "AllowParallelDefineClass",
          "AllowRedefinitionToAddDeleteMethods",
          "AutoBoxCacheMax",
          "BytecodeVerificationLocal",
          "BytecodeVerificationRemote",
          "DisableExplicitGC",
          "EnableDynamicAgentLoading",
          "MaxDirectMemorySize",
          "MaxJavaStackTraceDepth",
          "OmitStackTraceInFastThrow",
          "RelaxAccessControlCheck",
          "RestrictContended",
          "ShowCodeDetailsInExceptionMessages",
          "ShowHiddenFrames",
          "StackTraceInThrowable",
          "ThreadStackSize");

  /** Properties of the JDK's own. Those of programs have other names. */
  private static final List<String> MEANING_PROPERTIES =
      List.of(
          "com.sun.",
          "file.encoding",
          "ftp.",
          "http.",
          "https.",
          "java.",
          "javax.",
          "jdk.",
          "line.separator",
          "org.w3c.dom.",
          "org.xml.sax.",
          "socksNonProxyHosts",
          "socksProxy",
          "sun.",
          "user.");

  /** Properties of one process: its ports, its files, its share of the machine, its own places. */
  private static final List<String> OWN_PROPERTIES =
      List.of(
          "com.sun.management.",
          "java.class.path",
          "java.home",
          "java.io.tmpdir",
          "java.rmi.server.",
          "java.system.class.loader",
          "java.util.concurrent.ForkJoinPool.",
          "jdk.module.",
          "jdk.virtualThreadScheduler.",
          "procpool.directory",
          "procpool.memory", // and procpool.memoryPercent
          "sun.java.",
          "user.dir");

  /**
   * Where workers that log for themselves would open the files that the program logs to. A variable
   * may say so for all JVMs.
   */
  private static final String LOGGING = "java.util.logging.config.";

  private static final String SECURITY_MANAGER = "java.security.manager";

  /** Options of one process: what it runs, prints, is watched by and has of memory. */
  private static final List<String> OWN =
      List.of(
          "-Xms",
          "-Xmx",
          "-Xmn",
          "-Xmaxf",
          "-Xminf",
          "-Xgc",
          "-Xincgc",
          "-Xconcgc",
          "-Xlog",
          "-Xdebug",
          "-Xrun",
          "-Xshare",
          "-Xdiag",
          "-Xprof",
          "-XshowSettings",
          "-Xinternalversion",
          "-agentlib",
          "-agentpath",
          "-javaagent",
          "-splash",
          "-verbose",
          "-version",
          "-showversion",
          "--show-version",
          "--show-module-resolution",
          "-fullversion",
          "--version",
          "--full-version",
          "--dry-run",
          "--validate-modules",
          "--list-modules",
          "--module-path=",
          "--class-path=",
          "--source=",
          "--disable-@files",
          "--illegal-access", // of no effect since Java 17 but a warning
          "@");

  /** Flags that begin so are of one process. */
  private static final List<String> OWN_FLAGS =
      List.of(
          // collectors, and what sets one of them
          "Adaptive",
          "CMS",
          "Conc",
          "Epsilon",
          "G1",
          "Parallel",
          "Shenandoah",
          "UseAdaptive",
          "UseConc",
          "UseDynamicNumberOf",
          "UseParNew",
          // heaps and processors
          "ActiveProcessorCount",
          "AlwaysPreTouch",
          "InitialSurvivorRatio",
          "LargePage",
          "MaxNewSize",
          "MaxTenuringThreshold",
          "NewRatio",
          "NewSize",
          "OldSize",
          "PretenureSizeThreshold",
          "SurvivorRatio",
          "TargetSurvivorRatio",
          "UseLargePages",
          "UseNUMA",
          "UseTransparentHugePages",
          // archives of classes
          "AOT",
          "Archive",
          "AutoCreateSharedArchive",
          "CRaC",
          "DumpLoadedClassList",
          "DumpSharedSpaces",
          "DynamicDumpSharedSpaces",
          "RecordDynamicDumpInfo",
          "RequireSharedSpaces",
          "Shared",
          "UseSharedSpaces",
          // what it does and writes when it ends
          "Abort",
          "CrashOnOutOfMemoryError",
          "CreateCoredumpOnCrash",
          "CreateMinidumpOnCrash",
          "Dump",
          "Error",
          "ExitOnOutOfMemoryError",
          "OnError",
          "OnOutOfMemoryError",
          "Replay",
          "ShowMessageBoxOnError",
          "SuppressFatalErrorMessage",
          // how it is watched
          "FlightRecorder",
          "Log",
          "ManagementServer",
          "NativeMemoryTracking",
          "PauseAt",
          "PerfData",
          "Print",
          "StartFlightRecording",
          "Trace",
          "UsePerfData",
          "Verbose",
          // files that are read by now
          "Flags",
          "VMOptionsFile");

  /** The Java versions that brought options which others refuse to start with. */
  private static final Map<String, Integer> SINCE =
      Map.of(
          "--finalization=", 18,
          "--sun-misc-unsafe-memory-access=", 23,
          "--illegal-native-access=", 24,
          "--enable-final-field-mutation=", 26,
          "--illegal-final-field-mutation=", 26);

  private InheritanceRules() {}

  /** Tells whether a version of Java has an option, as far as is known. */
  static boolean isKnownTo(int feature, String option) {
    for (Map.Entry<String, Integer> since : SINCE.entrySet()) {
      if (option.startsWith(since.getKey())) {
        return feature >= since.getValue();
      }
    }
    return true;
  }

  /**
   * Tells whether an option is one that a worker gets.
   *
   * @param option the option with its value
   * @param isForAll whether it was said where options for all JVMs are, in a variable: then all but
   *     those of one process are inherited
   */
  static boolean isInherited(String option, boolean isForAll) {
    if (option.startsWith(FLAG)) {
      String flag = flag(option);
      return !isOwnFlag(flag) && (isForAll || MEANING_FLAGS.contains(flag));
    }
    if (option.startsWith(PROPERTY)) {
      String property = name(option, PROPERTY.length());
      return !isOwnProperty(option, property)
          && (isForAll || begins(property, MEANING_PROPERTIES) && !property.startsWith(LOGGING));
    }
    return begins(option, MEANING)
        || isAssertion(option)
        || isForAll && option.startsWith("-") && !begins(option, OWN);
  }

  /** The name of the flag that an option sets. */
  static String flag(String option) {
    int from = FLAG.length();
    boolean isSwitch =
        option.length() > from && (option.charAt(from) == '+' || option.charAt(from) == '-');
    return name(option, isSwitch ? from + 1 : from);
  }

  private static String name(String option, int from) {
    int end = option.indexOf('=', from);
    return option.substring(from, end < 0 ? option.length() : end);
  }

  /** Tells whether an option switches assertions on or off. */
  static boolean isAssertion(String option) {
    int end = option.indexOf(':');
    return ASSERTIONS.contains(end < 0 ? option : option.substring(0, end));
  }

  private static boolean isOwnFlag(String flag) {
    boolean isOfZ =
        flag.length() > 1 && flag.charAt(0) == 'Z' && Character.isUpperCase(flag.charAt(1));
    boolean isOfMemory =
        flag.contains("RAM") || flag.contains("Heap") && !flag.contains("CodeHeap");
    boolean isOfCollector = flag.contains("GC") && !flag.equals("DisableExplicitGC");
    return isOfZ || isOfMemory || isOfCollector || begins(flag, OWN_FLAGS);
  }

  private static boolean isOwnProperty(String option, String property) {
    if (property.equals(SECURITY_MANAGER)) {
      return !option.endsWith("=allow") && !option.endsWith("=disallow");
    }
    return begins(property, OWN_PROPERTIES);
  }

  private static boolean begins(String text, List<String> beginnings) {
    for (String beginning : beginnings) {
      if (text.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
