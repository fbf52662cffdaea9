package dev.procpool.cli.options;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.cli.limit.TimeLimit;
import dev.procpool.cli.message.UsageException;
import org.junit.jupiter.api.Test;

/** What {@code --master} does not go with. */
class ClusterOptionsTest {

  /** Its processes are of other machines: here others have their numbers. */
  @Test
  void aMultipleOfTheMedianIsRefusedOnACluster() {
    RunOptions options = new RunOptions();
    options.cluster.master = "spark://host:7077";
    options.timeout = new TimeLimit.Converter().convert("5x");

    assertThatThrownBy(() -> options.cluster.check(options))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--timeout with a multiple ends processes of this machine");
  }
}
