package dev.procpool.testkit;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Commands of the system that tests need; what they print is discarded. */
public final class Commands {

  private Commands() {}

  /**
   * Runs a command.
   *
   * @param command the program and its arguments
   * @return whether there is such a program, and it ended in time and well
   * @throws InterruptedException if this thread was interrupted
   */
  public static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS)
          && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Tells whether workers can be boxed here: bubblewrap is there, not older than 0.7, which knows
   * {@code --size}, and may make namespaces.
   *
   * @return whether it may
   * @throws InterruptedException if this thread was interrupted
   */
  public static boolean bubblewrapWorks() throws InterruptedException {
    String options = "--unshare-all --ro-bind / / --dev /dev --proc /proc --size 4096 --tmpfs /tmp";
    return succeeds(("bwrap " + options + " true").split(" "));
  }
}
