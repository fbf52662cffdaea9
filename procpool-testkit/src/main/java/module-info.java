/** The contract of a pool as tests that every backend runs. */
module dev.procpool.testkit {
  requires transitive dev.procpool;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;

  exports dev.procpool.testkit;

  opens dev.procpool.testkit;
}
