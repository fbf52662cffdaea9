package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is short for something longer, and means the same. */
public abstract class ShortFormContract extends ContractTest {

  /** For subclasses. */
  protected ShortFormContract() {}

  @Test
  void aViewsOptionsAreSetOneByOne() {
    Pool pool = pool(1);
    RetryPolicy policy = RetryPolicy.attempts(2);
    Pool view =
        pool.withTimeout(Duration.ofSeconds(50))
            .withRetry(policy)
            .withChunkSize(7)
            .withLookAhead(9)
            .withLabel("here")
            .withPriority(-3);
    assertThat(view.options().timeout()).contains(Duration.ofSeconds(50));
    assertThat(view.options().retry()).contains(policy);
    assertThat(view.options().chunkSize()).hasValue(7);
    assertThat(view.options().lookAhead()).hasValue(9);
    assertThat(view.options().label()).contains("here");
    assertThat(view.options().priority()).isEqualTo(-3);
    assertThat(pool.options().timeout()).as("the pool itself").isEmpty();
    assertThat(view.withTimeout(Duration.ofSeconds(1)).options().label())
        .as("the others stay")
        .contains("here");
  }

  @Test
  void aLimitSetShortlyHolds() throws Exception {
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool(1)
            .withTimeout(Duration.ofMillis(300))
            .mapAsync(
                x -> {
                  never.await();
                  return x;
                },
                List.of(1));
    assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void aShortFormRefusesWhatTheLongOneRefuses() {
    Pool pool = pool(1);
    assertThatThrownBy(() -> pool.withTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout must be positive");
    assertThatThrownBy(() -> pool.withChunkSize(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.withLookAhead(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.withRetry(nothing())).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> pool.withLabel(nothing())).isInstanceOf(NullPointerException.class);
  }

  @Test
  void anOutcomeGivesAnotherValueOrWhatIsMadeOfIt() throws Exception {
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool(1)
            .withTimeout(Duration.ofSeconds(1))
            .mapAsync(
                x -> {
                  if (x == 2) {
                    never.await();
                  }
                  return x == 3 ? Nothing.<Integer>nothing() : (Integer) (6 / x);
                },
                List.of(0, 1, 3, 2));
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes).extracting(outcome -> outcome.orElse(-1)).containsExactly(-1, 6, null, -1);
    List<String> texts =
        outcomes.stream()
            .map(o -> o.<String>fold(value -> "got " + value, e -> e.getClass().getSimpleName()))
            .toList();
    assertThat(texts)
        .containsExactly("ArithmeticException", "got 6", "got null", "TaskTimeoutException");
    Outcome<Integer> pending = new Outcome.Pending<>(4);
    assertThat(pending.orElse(5)).isEqualTo(5);
    assertThatThrownBy(() -> pending.fold(x -> x, e -> 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item 4 has not finished");
  }
}
