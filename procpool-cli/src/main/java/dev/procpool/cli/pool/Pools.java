package dev.procpool.cli.pool;

import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;

/** The pools that the command line can use. */
public final class Pools {

  private Pools() {}

  /** Worker processes. */
  public static PoolFactory processes() {
    return settings -> {
      ProcessPool.Builder builder =
          ProcessPool.builder()
              .workers(settings.workers())
              .jvmOptions(settings.jvmOptions())
              .classPath(settings.classPath())
              .initializer(settings.initializer())
              .output(settings.console())
              .name("procpool");
      settings.options().apply(builder);
      settings.observer().ifPresent(builder::observer);
      return builder.build();
    };
  }

  /** This JVM's own threads, for debugging. */
  public static PoolFactory inProcess() {
    return settings -> InlinePool.create(settings.workers());
  }
}
