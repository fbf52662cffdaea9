package dev.procpool.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SharedLifeTest {

  @Test
  void aReleaseIsCompleteThoughPartsOfItFail() {
    List<String> done = new ArrayList<>();
    SharedLife life = new SharedLife("key");
    life.atRelease(
        () -> {
          throw new AssertionError("the first");
        });
    life.atRelease(() -> done.add("action"));
    Consumer<String> failing =
        key -> {
          throw new IllegalStateException("a holder");
        };
    Consumer<String> told = done::add;
    assertThat(life.beginUse(failing)).isTrue();
    assertThat(life.beginUse(told)).isTrue();
    life.end();
    assertThat(done).containsExactly("action", "key");
    assertThat(life.isReleased()).isTrue();
  }
}
