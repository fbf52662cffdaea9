package dev.procpool;

/**
 * A pool as JConsole and other tools of Java's management see it: what {@link Pool#stats()} tells.
 * Registered by {@code registerMBean(true)} of {@code ProcessPool}'s builder, as {@code
 * dev.procpool:type=Pool,name="NAME"}, until the pool's end. Numbers are at most a second old.
 * Thread-safe.
 *
 * @since 0.2.0
 */
public interface PoolMXBean {

  /**
   * A worker.
   *
   * @since 0.2.0
   */
  interface Worker {

    /**
     * Gives its number.
     *
     * @return the number, from 0
     */
    int getNumber();

    /**
     * Gives the name of its machine.
     *
     * @return the name; empty where nobody said
     */
    String getHost();

    /**
     * Gives its process.
     *
     * @return the identifier, on its host
     */
    long getPid();

    /**
     * Tells what it does.
     *
     * @return the name of a {@link WorkerInfo.State}
     */
    String getState();

    /**
     * Tells how many items it has finished.
     *
     * @return the number
     */
    long getItemsDone();

    /**
     * Tells how much memory is resident.
     *
     * @return bytes; -1 where the system does not tell
     */
    long getMemoryBytes();

    /**
     * Names the item that it runs.
     *
     * @return as {@code resize[17]}; empty if it runs none
     */
    String getItem();

    /**
     * Tells for how long it has run it.
     *
     * @return seconds; 0 if it runs none
     */
    double getItemSeconds();
  }

  /**
   * Gives the pool's name.
   *
   * @return the name
   */
  String getName();

  /**
   * Gives the pool's state.
   *
   * @return the name of a {@link PoolState}
   */
  String getState();

  /**
   * Tells whether the pool is broken.
   *
   * @return whether it is
   */
  boolean isBroken();

  /**
   * Tells how many workers there may be.
   *
   * @return the number
   */
  int getTargetWorkers();

  /**
   * Gives the workers that there are.
   *
   * @return each, by number
   */
  Worker[] getWorkers();

  /**
   * Tells how many workers run an item.
   *
   * @return the number
   */
  int getBusyWorkers();

  /**
   * Tells how many calls are under way.
   *
   * @return the number
   */
  int getCalls();

  /**
   * Tells how many items wait.
   *
   * @return the number; see {@link PoolStats#queuedItems()}
   */
  long getQueuedItems();

  /**
   * Tells how many items have succeeded.
   *
   * @return the number
   */
  long getSucceededItems();

  /**
   * Tells how many items have ended without success.
   *
   * @return the number
   */
  long getFailedItems();

  /**
   * Tells how many attempts were not the last.
   *
   * @return the number
   */
  long getRetries();

  /**
   * Tells how many workers were started.
   *
   * @return the number
   */
  long getWorkerStarts();

  /**
   * Tells how many workers have ended that were not stopped by the pool.
   *
   * @return the number
   */
  long getWorkerLosses();

  /**
   * Tells how many bytes went to workers.
   *
   * @return the number; -1 if it is not counted
   */
  long getSentBytes();

  /**
   * Tells how many bytes came from workers.
   *
   * @return the number; -1 if it is not counted
   */
  long getReceivedBytes();

  /**
   * Tells how long half of the items ran at most.
   *
   * @return milliseconds
   */
  double getRunMillisMedian();

  /**
   * Tells how long 99 of 100 items ran at most.
   *
   * @return milliseconds
   */
  double getRunMillis99();

  /**
   * Tells how long the slowest item ran.
   *
   * @return milliseconds
   */
  double getRunMillisMax();

  /**
   * Says what would make the pool faster.
   *
   * @return sentences; see {@link PoolStats#advice()}
   */
  String[] getAdvice();

  /**
   * Says where the time went.
   *
   * @return some lines; see {@link PoolStats#report()}
   */
  String report();
}
