package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A value out of range is refused at once, by a message that names the option and the value. */
class BuilderTest {

  private static void assertRefused(
      String option, Object value, Consumer<ProcessPool.Builder> call) {
    assertThatThrownBy(() -> call.accept(ProcessPool.builder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option)
        .hasMessageContaining("was " + value);
  }

  @Test
  void numbersOutOfRange() {
    assertRefused("workers", 0, b -> b.workers(0));
    assertRefused("workers", -3, b -> b.workers(-3));
    assertRefused("maxTasksPerWorker", 0, b -> b.maxTasksPerWorker(0));
    assertRefused("maxWorkerMemory", -1, b -> b.maxWorkerMemory(-1));
    assertRefused("maxPayload", 0, b -> b.maxPayload(0));
    assertRefused("maxPayload", 1L << 31, b -> b.maxPayload(1L << 31));
    assertRefused("restartIntensity", -1, b -> b.restartIntensity(-1, Duration.ofSeconds(1)));
  }

  @Test
  void durationsOutOfRange() {
    Duration negative = Duration.ofMillis(-5);
    Duration second = Duration.ofSeconds(1);
    assertRefused("idleTimeout", Duration.ZERO, b -> b.idleTimeout(Duration.ZERO));
    assertRefused("idleTimeout", negative, b -> b.idleTimeout(negative));
    assertRefused("gracePeriod", negative, b -> b.gracePeriod(negative));
    assertRefused("freezeLimit", second, b -> b.freezeLimit(second));
    assertRefused("startLimit", Duration.ZERO, b -> b.startLimit(Duration.ZERO));
    assertRefused("restartIntensity", Duration.ZERO, b -> b.restartIntensity(1, Duration.ZERO));
  }

  @Test
  void create() {
    assertThatThrownBy(() -> ProcessPool.create(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workers must be at least 1, was 0");
  }
}
