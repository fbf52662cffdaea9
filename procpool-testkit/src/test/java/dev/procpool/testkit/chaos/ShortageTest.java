package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@link ShortageProgram} says is judged; {@link ChaosRun} runs it, in long runs. */
class ShortageTest {

  @Test
  void findsWhatIsWrong() {
    assertThat(Shortage.judge(true, 0, "{Success=50}")).isEmpty();
    assertThat(Shortage.judge(true, 1, "WRONG: {Success=50}")).hasSize(1);
    assertThat(Shortage.judge(true, 0, "{no pool=50}")).as("nothing was tried").hasSize(1);
    assertThat(Shortage.judge(false, 0, "{Success=50}")).hasSize(1);
  }
}
