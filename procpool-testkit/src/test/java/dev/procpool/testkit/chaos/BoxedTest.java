package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Outcome;
import dev.procpool.testkit.Commands;
import dev.procpool.testkit.NoLeftovers;
import dev.procpool.testkit.chaos.Boxed.Deed;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A short run of what {@link ChaosRun} does in boxes, and what is judged of it. */
@ExtendWith(NoLeftovers.class)
class BoxedTest {

  @Test
  void nothingIsReached() throws Exception {
    assumeTrue(Commands.bubblewrapWorks(), "bubblewrap does not work here");
    long seed = new SplittableRandom().nextLong();
    assertThat(Boxed.run(seed)).as("seed %d", seed).isEmpty();
  }

  @Test
  void findsWhatIsWrong() {
    assertThat(Boxed.judge(List.of(Deed.HONEST), List.of(gives("nothing")))).isEmpty();
    assertThat(Boxed.judge(List.of(Deed.SOCKET), List.of(gives("the socket")))).hasSize(1);
    assertThat(Boxed.judge(List.of(Deed.HALT), List.of(gives("nothing")))).hasSize(1);
    Outcome<String> pending = new Outcome.Pending<>(0);
    assertThat(Boxed.judge(List.of(Deed.HONEST), List.of(pending))).hasSize(1);
  }

  private static Outcome<String> gives(String value) {
    return new Outcome.Success<>(0, 1, Duration.ZERO, 1, value);
  }
}
