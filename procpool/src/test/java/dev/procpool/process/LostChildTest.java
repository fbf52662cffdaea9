package dev.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A child is found by its mark alone, whichever thread has started it, and no other is harmed. */
class LostChildTest {

  private static Process start(String mark) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sleep", "100");
    ProcessMark.put(builder.environment(), mark);
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread starter =
        new Thread(
            () -> {
              try {
                started.complete(builder.start());
              } catch (Throwable e) {
                started.completeExceptionally(e);
              }
            });
    starter.start();
    starter.join(); // its thread has ended, as a pool's may have
    return started.get();
  }

  @Test
  void theChildWithTheMarkIsEnded() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/environ")), "no /proc");
    String mark = ProcessMark.of("pool" + System.nanoTime(), 1);
    Process lost = start(mark);
    Process other = start(ProcessMark.of("pool" + System.nanoTime(), 11));
    try {
      LostChild.end(mark, TimeUnit.MINUTES.toNanos(1));
      assertThat(lost.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(other.isAlive()).isTrue();
    } finally {
      lost.destroyForcibly();
      other.destroyForcibly();
    }
  }
}
