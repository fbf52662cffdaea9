/** The contract of a pool as tests that every backend runs. */
module dev.procpool.testkit {
  requires transitive dev.procpool;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires static org.jspecify;
  // For the tests beside it.
  requires static java.logging;
  requires static jdk.jfr;

  exports dev.procpool.testkit;

  opens dev.procpool.testkit;
}
