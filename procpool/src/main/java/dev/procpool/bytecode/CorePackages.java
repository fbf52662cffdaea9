package dev.procpool.bytecode;

import java.util.Set;

/**
 * The pool's own packages: a worker has them from its own jar and must never load them a second
 * time through a loader that stands for one of the caller's.
 */
public final class CorePackages {

  private static final Set<String> NAMES =
      Set.of(
          "dev.procpool",
          "dev.procpool.bytecode",
          "dev.procpool.channel",
          "dev.procpool.codec",
          "dev.procpool.context",
          "dev.procpool.events",
          "dev.procpool.folder",
          "dev.procpool.function",
          "dev.procpool.guard",
          "dev.procpool.inline",
          "dev.procpool.items",
          "dev.procpool.jmx",
          "dev.procpool.call",
          "dev.procpool.jvm",
          "dev.procpool.local",
          "dev.procpool.local.archive",
          "dev.procpool.local.call",
          "dev.procpool.local.classes",
          "dev.procpool.local.dispatch",
          "dev.procpool.local.engine",
          "dev.procpool.local.exit",
          "dev.procpool.local.files",
          "dev.procpool.local.fleet",
          "dev.procpool.local.launch",
          "dev.procpool.local.output",
          "dev.procpool.local.result",
          "dev.procpool.local.sandbox",
          "dev.procpool.local.service",
          "dev.procpool.local.settings",
          "dev.procpool.nesting",
          "dev.procpool.observe",
          "dev.procpool.process",
          "dev.procpool.protocol",
          "dev.procpool.scheduler",
          "dev.procpool.sharing",
          "dev.procpool.spi",
          "dev.procpool.time",
          "dev.procpool.worker");

  private CorePackages() {}

  /**
   * Tells whether a class is the pool's own.
   *
   * @param className its binary name
   * @return whether its package is one of the core's
   */
  public static boolean hasClass(String className) {
    int end = className.lastIndexOf('.');
    return end > 0 && NAMES.contains(className.substring(0, end));
  }
}
