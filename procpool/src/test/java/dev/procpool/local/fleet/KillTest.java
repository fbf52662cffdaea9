package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LimitKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of two reasons for a kill is kept. */
class KillTest {

  private final Worker worker = new Worker(3, 0, "", false, 1);
  private final Kill byPool = Kill.timedOut(LimitKind.RUN_TIME, List.of());
  private final Kill byWorker =
      Kill.timedOut(
          LimitKind.CPU_TIME, List.of(new StackTraceElement("Task", "call", "Task.java", 1)));

  @Test
  void theFirstCounts() {
    worker.killed(new Kill(Kill.Reason.CANCELLED));
    worker.killed(byWorker);
    assertThat(worker.killReason()).isEqualTo(Kill.Reason.CANCELLED);
  }

  @Test
  void ofAnItemOverItsLimitTheWorkersOwnWordCountsAsItHasTheStack() {
    worker.killed(byPool);
    worker.killed(byWorker);
    assertThat(worker.kill()).isEqualTo(byWorker);
    worker.killed(byPool);
    assertThat(worker.kill()).isEqualTo(byWorker);
  }
}
