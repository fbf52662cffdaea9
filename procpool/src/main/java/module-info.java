/** A pool of reusable worker processes for the JVM, after Python's {@code multiprocessing.Pool}. */
module dev.procpool {
  requires static transitive org.jspecify;

  exports dev.procpool;
  exports dev.procpool.function;
  exports dev.procpool.inline;
  exports dev.procpool.spi;
}
