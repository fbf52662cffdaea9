package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.WorkerOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How much of what workers print waits in the driver for a slow consumer. */
class SinksTest {

  private static final int MIB = 1 << 20;

  /** Runs nothing until the test says so: a consumer that takes its time. */
  private final Queue<Runnable> threads = new ArrayDeque<>();

  private final List<String> taken = new ArrayList<>();
  private final List<String> served = new ArrayList<>();
  private final Sinks sinks = new Sinks(line -> taken.add(line.text()), null, threads::add);

  private static WorkerOutput.Line line(String text) {
    return new WorkerOutput.Line(0, 1, false, text, Optional.empty());
  }

  private void fill() {
    for (int i = 0; i < 9; i++) {
      sinks.printed(line("line " + i), MIB);
    }
  }

  @Test
  void whoAsksForRoomWaitsUntilTheConsumerHasTakenEnough() {
    sinks.whenRoom(() -> served.add("before"));
    fill();
    assertThat(sinks.isFull()).isTrue();
    sinks.whenRoom(() -> served.add("full"));
    assertThat(served).containsExactly("before");

    threads.remove().run();

    assertThat(taken).hasSize(9).startsWith("line 0", "line 1");
    assertThat(served).containsExactly("before", "full");
    assertThat(sinks.isFull()).isFalse();
  }

  @Test
  void atTheEndOfThePoolAllIsTaken() {
    fill();
    sinks.whenRoom(() -> served.add("full"));

    sinks.end();

    assertThat(served).containsExactly("full");
    fill();
    assertThat(sinks.isFull()).isFalse();
  }

  @Test
  void whatNoThreadTakesDoesNotCount() {
    Sinks none =
        new Sinks(
            line -> {},
            null,
            command -> {
              throw new RejectedExecutionException("no thread");
            });
    for (int i = 0; i < 9; i++) {
      assertThatThrownBy(() -> none.printed(line("x"), MIB))
          .isInstanceOf(RejectedExecutionException.class);
    }
    assertThat(none.isFull()).isFalse();
  }
}
