package dev.procpool.local.engine;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the engine is to do for others, in the order it came. Any thread posts; whoever has the
 * engine's turn does it.
 */
final class Mailbox {

  private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final Engine engine;
  private final NextRound clock;

  Mailbox(Engine engine, NextRound clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** Adds an event, once there is memory for it: who waits for it must not in vain. */
  void post(Runnable event) {
    long begin = 0;
    while (true) {
      try {
        events.add(event);
        return;
      } catch (VirtualMachineError | LinkageError e) {
        begin = begin == 0 ? System.nanoTime() : begin;
        if (!engine.reserve().awaitMemoryQuietly(begin)) {
          engine.giveUp(e);
          return;
        }
      }
    }
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Does all that is to be done: tells whether there was anything. */
  boolean handle() {
    boolean some = false;
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      clock.looksAgain(); // there may be any number of them
      event.run();
      some = true;
    }
    return some;
  }
}
