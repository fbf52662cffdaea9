package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Section 1 of the contract: {@code with(TaskOptions)} gives a view of the same pool. */
public abstract class OptionsContract extends ContractTest {

  /** For subclasses. */
  protected OptionsContract() {}

  @Test
  void aViewHasItsOptionsAndLeavesThePoolsAlone() {
    Pool pool = pool(1);
    TaskOptions options =
        TaskOptions.defaults()
            .chunkSize(10)
            .timeout(Duration.ofMinutes(1))
            .retry(RetryPolicy.attempts(2))
            .lookAhead(7)
            .label("pricing");
    Pool view = pool.with(options);
    assertThat(view.options()).isSameAs(options);
    assertThat(pool.options()).isSameAs(TaskOptions.defaults());
    assertThat(options.chunkSize()).hasValue(10);
    assertThat(options.timeout()).hasValue(Duration.ofMinutes(1));
    assertThat(options.lookAhead()).hasValue(7);
    assertThat(options.label()).hasValue("pricing");
    assertThat(options.retry()).isPresent();
  }

  @Test
  void aViewOfAViewReplacesAllOptions() {
    Pool view = pool(1).with(TaskOptions.defaults().chunkSize(10));
    assertThat(view.with(TaskOptions.defaults().lookAhead(3)).options().chunkSize()).isEmpty();
  }

  @Test
  void aViewRunsCallsOnTheSameWorkers() throws Exception {
    Pool pool = pool(1);
    Pool view = pool.with(TaskOptions.defaults().chunkSize(2));
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    assertThat(view.apply(() -> ProcessHandle.current().pid())).isEqualTo(pid);
    assertThat(view.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    assertThat(view.workers()).hasSize(1);
  }

  @Test
  void shuttingDownAViewShutsDownThePool() {
    Pool pool = pool(1);
    Pool view = pool.with(TaskOptions.defaults().chunkSize(2));
    view.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1));
  }

  @Test
  void closingThePoolEndsItsViews() {
    Pool pool = pool(1);
    Pool view = pool.with(TaskOptions.defaults().chunkSize(2));
    pool.close();
    assertThat(view.isShutdown()).isTrue();
    assertThat(view.isTerminated()).isTrue();
  }
}
