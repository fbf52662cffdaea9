/** A pool of reusable worker processes for the JVM, after Python's {@code multiprocessing.Pool}. */
module dev.procpool {
  // Not transitive: modules that require this one would not compile without JSpecify's jar.
  requires static org.jspecify;
  // Used if the program has them: for events of the flight recorder, for forwarded log records.
  requires static jdk.jfr;
  requires static java.logging;
  // Asked for the JVM's options where the system does not tell the command line, and for threads
  // that wait for each other.
  requires static java.management;

  exports dev.procpool;
  exports dev.procpool.function;
  exports dev.procpool.inline;
  exports dev.procpool.local;
  exports dev.procpool.spi;

  uses dev.procpool.spi.BackendPool;
  uses dev.procpool.spi.ContextCarrier;
  uses dev.procpool.spi.LogBridge;

  provides dev.procpool.spi.BackendPool with
      dev.procpool.call.CallPools;
}
