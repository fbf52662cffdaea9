package dev.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a process of which the JDK never tells, as its thread for that has died. */
class ProcessEndTest {

  private Process real;
  private Process unheard;

  @BeforeEach
  void start() throws Exception {
    real = new ProcessBuilder("sleep", "600").start();
    unheard = new Unheard(real);
  }

  @AfterEach
  void end() {
    real.destroyForcibly();
  }

  @Test
  void oneThatRunsIsNotOver() {
    assertThat(ProcessEnd.isOver(real)).isFalse();
    assertThat(ProcessEnd.isOver(unheard)).isFalse();
  }

  @Test
  void oneThatWasKilledIsOverWhoeverKnows() throws Exception {
    real.destroyForcibly();
    assertThat(real.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessEnd.isOver(real)).isTrue();
    assertThat(ProcessEnd.isOver(unheard)).isTrue();
    assertThat(ProcessEnd.status(real)).isEqualTo(137);
    assertThat(ProcessEnd.status(unheard)).isEqualTo(137);
  }

  @Test
  void theStatusIsTheProcesssOwnIfItIsKnown() throws Exception {
    Process ended = new ProcessBuilder("sh", "-c", "exit 3").start();
    assertThat(ended.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessEnd.status(ended)).isEqualTo(3);
  }

  /** As long as the one that can't be killed is tried, the others are not kept waiting. */
  @Test
  void severalAreKilledSideBySide() throws Exception {
    Process last = new ProcessBuilder("sleep", "600").start();
    Thread ending = new Thread(() -> ProcessEnd.forceAll(List.of(new Unkillable(real), last)));
    ending.start();
    try {
      assertThat(last.waitFor(30, TimeUnit.SECONDS)).as("the last has ended").isTrue();
      assertThat(ending.isAlive()).as("the first is still tried").isTrue();
    } finally {
      last.destroyForcibly();
      real.destroyForcibly();
      ending.join();
    }
  }

  /** As one is while there is no descriptor to kill it with. */
  private static final class Unkillable extends Unheard {

    private Unkillable(Process process) {
      super(process);
    }

    @Override
    public Process destroyForcibly() {
      return this;
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
      unit.sleep(timeout);
      return false;
    }
  }

  /** As a {@link Process} is whose thread has died. */
  private static class Unheard extends Process {

    private final Process process;

    private Unheard(Process process) {
      this.process = process;
    }

    @Override
    public OutputStream getOutputStream() {
      return process.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return process.getInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return process.getErrorStream();
    }

    @Override
    public int waitFor() {
      throw new UnsupportedOperationException("it never ends");
    }

    @Override
    public int exitValue() {
      throw new IllegalThreadStateException("process has not exited");
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void destroy() {
      process.destroy();
    }

    @Override
    public ProcessHandle toHandle() {
      return process.toHandle();
    }

    @Override
    public long pid() {
      return process.pid();
    }
  }
}
