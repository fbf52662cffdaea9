package dev.procpool.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that pulls, or can't be started: one that was started already can't. */
@Timeout(60)
class PullThreadTest {

  private final AtomicInteger pulls = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  @Test
  void whatCantBeStartedIsToldBeforeTheCallerKnows() throws Exception {
    PullThread thread = new PullThread("p", pulls::incrementAndGet);
    thread.startOr(failures::incrementAndGet);
    thread.join();
    assertThat(pulls).hasValue(1);
    assertThat(failures).hasValue(0);
    assertThatExceptionOfType(IllegalThreadStateException.class)
        .isThrownBy(() -> thread.startOr(failures::incrementAndGet));
    assertThat(failures).hasValue(1);
    assertThat(pulls).hasValue(1);
  }
}
