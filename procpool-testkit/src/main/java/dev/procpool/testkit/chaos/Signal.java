package dev.procpool.testkit.chaos;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Sends signals by the {@code kill} command: the JDK can send neither SIGSTOP nor any to itself.
 */
final class Signal {

  private Signal() {}

  static void send(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }
}
