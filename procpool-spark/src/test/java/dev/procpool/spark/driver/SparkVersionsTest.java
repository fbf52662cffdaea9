package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On which versions of Spark a pool is made, and what is said of others. */
class SparkVersionsTest {

  private static final String SCALA = "2.13.16";

  @ParameterizedTest
  @ValueSource(strings = {"3.5.0", "3.5.8", "4.0.2", "4.2.0", "4.3.0-SNAPSHOT"})
  void knownOnesAreTaken(String version) {
    ContextCheck.checkVersion(version, SCALA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.4.8", "3.4.1", "3.50.0", "40.0.0", "5.0.0"})
  void othersAreRefusedByName(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> ContextCheck.checkVersion(version, SCALA))
        .withMessageContainingAll("Spark " + version, "4.x", "3.5");
  }

  @ParameterizedTest
  @CsvSource({"3.5.8, 2.12.18", "3.5.0, 2.12.18", "4.2.0, 3.3.1", "4.2.0, 2.130.0"})
  void thoseForAnotherScalaAreRefusedByIt(String version, String scala) {
    assertThatIllegalStateException()
        .isThrownBy(() -> ContextCheck.checkVersion(version, scala))
        .withMessageContainingAll("Spark " + version, "Scala " + scala, "for Scala 2.13");
  }
}
