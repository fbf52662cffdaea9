package dev.procpool.local.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Workers of all pools share the machine evenly. */
class MachineShareTest {

  private static double option(MachineShare share, String name) {
    return share.options(share.sharers(), false).stream()
        .filter(option -> option.startsWith(name + "="))
        .mapToDouble(option -> Double.parseDouble(option.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static double memory(MachineShare share) {
    return option(share, "-XX:MaxRAMPercentage");
  }

  @Test
  void anotherPoolTakesItsPartUntilItEnds() {
    MachineShare share = new MachineShare(4);
    try {
      double alone = memory(share);
      MachineShare other = new MachineShare(4);
      double beside = memory(share);
      other.resize(0);

      // 60 % are shared by the workers of this pool, the other and any that other tests have left
      assertThat(60 / beside - 60 / alone).isCloseTo(4, within(0.01));
      assertThat(memory(share)).isEqualTo(alone);
    } finally {
      share.resize(0);
    }
  }

  @Test
  void nestedPoolsHaveAThirdOfTheirWorkersPart() {
    MachineShare share = new MachineShare(2);
    try {
      assertThat(option(share, "-Dprocpool.memoryPercent"))
          .isCloseTo(memory(share) / 3, within(0.001));
    } finally {
      share.resize(0);
    }
  }

  @Test
  void aWorkerAlwaysHasAProcessorAndMemoryToStart() {
    MachineShare share = new MachineShare(1_000_000);
    try {
      assertThat(option(share, "-XX:ActiveProcessorCount")).isEqualTo(1);
      assertThat(memory(share)).isEqualTo(0.5);
    } finally {
      share.resize(0);
    }
  }
}
