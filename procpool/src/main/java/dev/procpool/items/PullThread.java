package dev.procpool.items;

/**
 * The thread that pulls the items of one call, with the context class loader of the thread that
 * makes the call. What is thrown has ended the call, which tells it.
 */
public final class PullThread extends Thread {

  private final Runnable pull;

  /**
   * Makes one that has not started.
   *
   * @param pool the name of the pool
   * @param pull pulls all items
   */
  public PullThread(String pool, Runnable pull) {
    super(null, null, "procpool-" + pool + "-feeder", 0, false);
    this.pull = pull;
    setContextClassLoader(Thread.currentThread().getContextClassLoader());
    setDaemon(true);
  }

  /**
   * Starts it. If there is no thread to be had, what was thrown goes on to the caller.
   *
   * @param notStarted is run before that: nobody pulls, so no items come
   */
  public void startOr(Runnable notStarted) {
    boolean begun = false;
    try {
      start();
      begun = true;
    } finally {
      if (!begun) {
        notStarted.run();
      }
    }
  }

  @Override
  public void run() {
    try {
      pull.run();
    } catch (Throwable e) {
      // see above
    }
  }
}
