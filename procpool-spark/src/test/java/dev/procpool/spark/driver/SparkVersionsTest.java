package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which versions of Spark a pool is made on. */
class ContextCheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"3.5.0", "3.5.8", "4.0.2", "4.2.0", "4.3.0-SNAPSHOT"})
  void knownOnesAreTaken(String version) {
    ContextCheck.checkVersion(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.4.8", "3.4.1", "3.50.0", "40.0.0", "5.0.0"})
  void othersAreRefusedByName(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> ContextCheck.checkVersion(version))
        .withMessageContainingAll("Spark " + version, "4.x", "3.5");
  }
}
