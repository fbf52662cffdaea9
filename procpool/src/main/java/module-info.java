/** A pool of reusable worker processes for the JVM, after Python's {@code multiprocessing.Pool}. */
module dev.procpool {
  // Not transitive: modules that require this one would not compile without JSpecify's jar.
  requires static org.jspecify;

  exports dev.procpool;
  exports dev.procpool.function;
  exports dev.procpool.inline;
  exports dev.procpool.local;
  exports dev.procpool.spi;
}
