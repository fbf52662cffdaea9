package dev.procpool.worker;

import dev.procpool.channel.RunPage;

/** A thread that shows the pool, through the run page, that this process gets processor time. */
final class Heartbeat {

  private static final long PERIOD_MILLIS = 500;

  private Heartbeat() {}

  static void start(RunPage page) {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                page.beat();
                try {
                  Thread.sleep(PERIOD_MILLIS);
                } catch (InterruptedException e) {
                  // a task may interrupt every thread that it finds; the beat goes on
                }
              }
            },
            "procpool-heartbeat");
    thread.setDaemon(true);
    thread.start();
  }
}
