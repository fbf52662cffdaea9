package dev.procpool.local.fleet;

import dev.procpool.channel.RunPage;

/**
 * Whether a worker is believed. One that has broken what was agreed, or has cut off the memory that
 * it shares with us, is given up: nothing more of it is read, and the fleet's owner is told, who
 * has it killed.
 *
 * <p>Owned by the engine's thread.
 */
public final class Trust {

  private final Roster roster;
  private final Fleet.Listener listener;

  Trust(Roster roster, Fleet.Listener listener) {
    this.roster = roster;
    this.listener = listener;
  }

  /**
   * Takes nothing more from a worker that does not keep to what was agreed, or whose memory is
   * gone, and says so to whoever ends it.
   */
  public void shutOff(Worker worker, Throwable cause) {
    if (verify(worker)) {
      shutOff(worker, "the channel of worker " + worker.number() + " broke: " + cause);
    }
  }

  private void shutOff(Worker worker, String violation) {
    worker.violated("procpool: " + violation);
    worker.line().shut();
    listener.violated(worker);
  }

  /**
   * Looks, after accesses to a worker's memory and before anything is made of them, whether they
   * went well; if not, shuts the worker off.
   *
   * @return whether they did
   */
  public boolean verify(Worker worker) {
    WorkerLine line = worker.line();
    if (line.isWhole()) {
      return true;
    }
    line.cut();
    shutOff(worker, "worker " + worker.number() + " has cut off the memory that it shares with us");
    return false;
  }

  /**
   * Looks at all: shuts those off that have taken away their memory.
   *
   * @return whether there is any
   */
  public boolean shutOffUnsound() {
    boolean some = false;
    for (Worker worker : roster.copy()) {
      some |= !verify(worker);
    }
    return some;
  }

  /** Looks whether a worker's process is stopped, and gives the worker's time. */
  public long timeOf(Worker worker, long now) {
    RunPage page = worker.line().page();
    long beat = 0;
    try {
      beat = page == null ? 0 : page.heartbeat();
    } catch (InternalError e) {
      shutOff(worker, e);
    }
    return worker.clock().look(verify(worker) ? beat : 0, worker.jvmPid(), now);
  }
}
