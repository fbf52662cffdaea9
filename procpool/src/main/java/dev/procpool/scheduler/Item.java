package dev.procpool.scheduler;

/**
 * An item that a worker had begun.
 *
 * @param call its call
 * @param slice the item alone
 */
public record Item(long call, Slice slice) {

  /**
   * Gives the item's place in its call.
   *
   * @return the index
   */
  public long index() {
    return slice.firstIndex();
  }

  /**
   * Tells how often it has been started.
   *
   * @return the number, this time included
   */
  public int attempt() {
    return slice.attempt();
  }
}
