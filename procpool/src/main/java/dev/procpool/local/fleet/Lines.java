package dev.procpool.local.fleet;

import dev.procpool.channel.RingChannel;
import dev.procpool.local.engine.Engine;
import java.io.IOException;

/**
 * The rounds over all workers' rings and sockets: what has come is taken in, what was queued is
 * sent, and before the engine sleeps the workers are told to ring.
 *
 * <p>Owned by the engine's thread.
 */
public final class Lines {

  /** How often one worker's ring is read before others have their turn. */
  private static final int MAX_READS = 16;

  private final Roster roster;
  private final Trust trust;
  private final Engine engine;
  private final Fleet.Listener listener;

  Lines(Roster roster, Trust trust, Engine engine, Fleet.Listener listener) {
    this.roster = roster;
    this.trust = trust;
    this.engine = engine;
    this.listener = listener;
  }

  // ------------------------------------------------------------------ in

  /**
   * Takes in what the workers have put in their rings.
   *
   * @return whether there was anything
   */
  public boolean poll() {
    for (Worker worker : roster.all()) { // all, before anything is made of what one has sent
      worker.hasInput(worker.line().looksReady() && trust.verify(worker));
    }
    boolean some = false;
    for (Worker worker : roster.all()) {
      if (worker.hasInput()) {
        try {
          some |= takeIn(worker);
        } catch (IOException | InternalError e) {
          trust.shutOff(worker, e);
        }
      }
    }
    return some;
  }

  /** Takes in what is there, within bounds, so that one worker holds up no other. */
  private boolean takeIn(Worker worker) throws IOException {
    WorkerLine line = worker.line();
    RingChannel rings = line.rings();
    boolean some = false;
    for (int i = 0; i < MAX_READS && rings != null && receive(worker, rings); i++) {
      some = true;
      line.countReceived();
      listener.results(worker, rings.frames());
      rings = line.rings();
    }
    return some;
  }

  private boolean receive(Worker worker, RingChannel rings) throws IOException {
    boolean received = true;
    try {
      received = rings.receive();
    } catch (OutOfMemoryError e) { // for a large frame
      engine.reserve().release();
      if (!rings.skipFrame()) {
        listener.withoutMemory(worker); // what has come stays in the ring until the next look
        return false;
      }
    }
    return trust.verify(worker) && received;
  }

  /** Takes in all that is there. */
  void takeInAll(Worker worker) throws IOException {
    while (takeIn(worker)) {
      // until the ring is empty; a worker can't fill it as fast as it is read for long
    }
  }

  /** Tells whether there is something in a ring, or room for what waits to be sent. */
  public boolean hasInput() {
    for (Worker worker : roster.all()) {
      if (worker.line().looksReady()) {
        return true;
      }
    }
    return false;
  }

  // ------------------------------------------------------------------ out

  /** Sends what was queued. */
  public void flush() {
    for (Worker worker : roster.all()) {
      WorkerLine line = worker.line();
      if (line.hasToFlush()) {
        flushRings(worker);
      }
      try {
        line.flushSocket();
      } catch (IOException e) {
        // it is dying; its end will be seen
      }
    }
  }

  private void flushRings(Worker worker) {
    try {
      worker.line().flushRings();
      trust.verify(worker);
    } catch (IOException | InternalError e) {
      trust.shutOff(worker, e);
    }
  }

  // ------------------------------------------------------------------ asleep

  /** Has the workers ring when there is something to do: false if there is now. */
  public boolean sleep() {
    boolean nothing = true;
    for (Worker worker : roster.all()) {
      if (worker.line().rings() != null && worker.isAlive()) {
        nothing &= sleep(worker);
      }
    }
    return nothing;
  }

  private boolean sleep(Worker worker) {
    WorkerLine line = worker.line();
    try {
      boolean nothing = line.sleep();
      if (!trust.verify(worker)) {
        return true;
      }
      if (nothing) {
        line.nudge();
      }
      return nothing;
    } catch (IOException | InternalError e) {
      trust.shutOff(worker, e);
      return true;
    }
  }

  /** Has no worker ring any more. */
  public void awake() {
    for (Worker worker : roster.all()) {
      if (worker.line().rings() != null) {
        try {
          worker.line().awake();
          trust.verify(worker);
        } catch (InternalError e) {
          trust.shutOff(worker, e);
        }
      }
    }
  }
}
