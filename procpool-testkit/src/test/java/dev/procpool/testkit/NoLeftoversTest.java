package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The canary of {@link NoLeftovers}: it must see what a test leaves. */
class NoLeftoversTest {

  private final NoLeftovers.Check check = new NoLeftovers.Check();

  @Test
  void nothingNewIsNothingLeft() throws Exception {
    check.assertNothingNew(Duration.ZERO);
  }

  @Test
  void aProcessIsSeenUntilItEnds() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> check.assertNothingNew(Duration.ZERO))
          .withMessageContaining("process " + process.pid());
    } finally {
      process.destroyForcibly();
    }
    check.assertNothingNew(FileLatch.BOUND);
  }

  @Test
  void aThreadOfAPoolIsSeenUntilItEnds() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> Interruption.rethrown(() -> end.await()), "procpool-canary");
    thread.setDaemon(true);
    thread.start();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> check.assertNothingNew(Duration.ZERO))
        .withMessageContaining("thread procpool-canary");
    end.countDown();
    check.assertNothingNew(FileLatch.BOUND);
  }

  @Test
  void aFileOfAPoolIsSeenUntilItIsDeleted() throws Exception {
    Path file = Files.createTempFile("procpool-", "-canary");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> check.assertNothingNew(Duration.ZERO))
        .withMessageContaining(file.toString());
    Files.delete(file);
    check.assertNothingNew(FileLatch.BOUND);
    assertThat(file).doesNotExist();
  }
}
