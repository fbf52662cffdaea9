package dev.procpool.testkit.chaos;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Sends signals by the {@code kill} command: the JDK can send neither SIGSTOP nor any to itself.
 */
public final class Signal {

  private Signal() {}

  /**
   * Sends one and waits until it was sent.
   *
   * @param name without SIG
   * @param pid the process
   * @throws IOException if there is no such command
   * @throws InterruptedException if this thread was interrupted
   */
  public static void send(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }
}
