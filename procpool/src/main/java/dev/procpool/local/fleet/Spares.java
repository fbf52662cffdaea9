package dev.procpool.local.fleet;

import java.util.List;

/**
 * The workers that are kept ready beside those that get items, so that the place of one that ends
 * is taken at once.
 *
 * <pre>
 * start → STARTING → INITIALIZING → READY, and waits → promoted: a worker like any other
 * </pre>
 *
 * <p>One that has not got as far as READY may be promoted, too: it is ahead of one that would be
 * started. Owned by the engine's thread.
 */
final class Spares {

  private final int most;
  private final Roster roster;
  private final Ends ends;
  private final Fleet fleet;
  private final Fleet.Listener listener;

  /**
   * Makes them; starts none.
   *
   * @param most how many are kept
   */
  Spares(int most, Roster roster, Ends ends, Fleet fleet, Fleet.Listener listener) {
    this.most = most;
    this.roster = roster;
    this.ends = ends;
    this.fleet = fleet;
    this.listener = listener;
  }

  /**
   * Has spares take places of workers, as many as there are of both.
   *
   * @return how many have
   */
  int promote(int places) {
    if (places <= 0) {
      return 0;
    }
    List<Worker> spares = roster.spares();
    int taken = Math.min(places, spares.size());
    for (Worker spare : spares.subList(0, taken)) {
      spare.spare(false);
      if (spare.isReady()) {
        listener.ready(spare);
      }
    }
    return taken;
  }

  /**
   * Has as many spares as there are to be.
   *
   * @param isInUse whether the pool has a worker; if not, it has been idle for long, and has no
   *     spares either
   */
  void keep(boolean isInUse) {
    List<Worker> spares = roster.spares();
    if (!isInUse) {
      spares.forEach(fleet::stop);
    } else if (ends.wasEverReady()) { // the first worker is waited for, and shows that they start
      for (int i = spares.size(); i < most && ends.pause() == 0; i++) {
        fleet.start(true);
      }
    }
  }
}
