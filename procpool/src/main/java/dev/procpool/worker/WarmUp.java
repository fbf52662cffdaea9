package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.Codec;
import java.io.IOException;

/**
 * Loads, on a thread of its own, what the main thread needs next while that does other things: half
 * of what a worker's start takes after its JVM is there.
 */
final class WarmUp {

  private WarmUp() {}

  static void start() {
    Thread thread = new Thread(WarmUp::run, "procpool-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run() {
    try {
      WorkerChannel.prepare();
      Codec.prepare();
    } catch (IOException | LinkageError | RuntimeException e) {
      // whoever needs it will meet the same and tell
    }
  }
}
