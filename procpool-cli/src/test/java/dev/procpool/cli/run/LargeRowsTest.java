package dev.procpool.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.row.Row;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many large rows may be out at a time. */
@Timeout(60)
class LargeRowsTest {

  private static final Row SMALL = Row.of(1, Row.Kind.LINE, "x".repeat(LargeRows.LARGE));
  private static final Row LARGE =
      new Row(1, Row.Kind.FIELDS, List.of("x".repeat(LargeRows.LARGE), "y"));

  private final LargeRows rows = new LargeRows(2);
  private Thread thread;

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    if (thread != null) {
      thread.join();
    }
  }

  private FutureTask<?> putInThread(Row row) throws InterruptedException {
    FutureTask<?> task = new FutureTask<>(() -> rows.put(row), null);
    thread = new Thread(task, "test-rows");
    thread.start();
    while (!task.isDone() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  @Test
  void aLargeRowWaitsForAnother() throws Exception {
    rows.put(LARGE);
    rows.put(LARGE);
    for (int i = 0; i < 10; i++) {
      rows.put(SMALL);
      rows.taken(SMALL);
    }
    FutureTask<?> third = putInThread(LARGE);
    assertThat(third.isDone()).isFalse();
    rows.taken(LARGE);
    third.get(60, TimeUnit.SECONDS);
  }

  @Test
  void theEndHoldsNobodyUp() throws Exception {
    rows.put(LARGE);
    rows.put(LARGE);
    FutureTask<?> third = putInThread(LARGE);
    rows.close();
    third.get(60, TimeUnit.SECONDS);
    rows.put(LARGE);
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    rows.put(LARGE);
    rows.put(LARGE);
    Thread.currentThread().interrupt();
    rows.put(LARGE);
    assertThat(Thread.interrupted()).isTrue();
  }
}
