package dev.procpool.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The canary of {@link NoLeftovers}: it must see what a test leaves. */
@ExtendWith(NoLeftovers.class) // for its directory: other pools on the machine do not count
class NoLeftoversTest {

  private NoLeftovers.Check check;

  @BeforeEach
  void look() {
    check = new NoLeftovers.Check();
  }

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
  void aWorkerWhoseParentHasEndedIsSeenUntilItEnds() throws Exception {
    String argument = "@" + System.getProperty("java.io.tmpdir") + "/procpool-canary";
    Process parent =
        new ProcessBuilder("sh", "-c", "sh -c 'sleep 60; :' \"$0\" >&2 & echo $!", argument)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long pid = Long.parseLong(new String(parent.getInputStream().readAllBytes(), UTF_8).strip());
    parent.waitFor();
    ProcessHandle orphan = ProcessHandle.of(pid).orElseThrow();
    try {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> check.assertNothingNew(Duration.ZERO))
          .withMessageContaining("process " + pid);
    } finally {
      orphan.children().forEach(ProcessHandle::destroyForcibly);
      orphan.destroyForcibly();
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
    Path file =
        Files.createTempFile(Path.of(System.getProperty("java.io.tmpdir")), "procpool-", "-canary");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> check.assertNothingNew(Duration.ZERO))
        .withMessageContaining(file.toString());
    Files.delete(file);
    check.assertNothingNew(FileLatch.BOUND);
    assertThat(file).doesNotExist();
  }
}
