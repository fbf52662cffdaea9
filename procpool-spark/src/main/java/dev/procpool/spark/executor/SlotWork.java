package dev.procpool.spark.executor;

import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What a task of Spark's does while it holds a slot: asks the driver for work before the last items
 * have ended, and has a worker run it. Its thread runs {@link #run}; items end on others.
 */
final class SlotWork {

  /** A question that fails sooner was not waiting for work. */
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(50);

  private static final int MOST_FAILURES = 20;
  private static final long PAUSE_MILLIS = 500;

  private final SlotKey slot;
  private final Agent agent;

  // ---- guarded by the monitor

  /** Items that the slot has. */
  private int left;

  /** The number of its worker, which stays the same; -1 before it has one. */
  private int worker = -1;

  SlotWork(SlotKey slot, Agent agent) {
    this.slot = slot;
    this.agent = agent;
  }

  SlotKey slot() {
    return slot;
  }

  /** The number of its worker; -1 before it was given items. */
  synchronized int worker() {
    return worker;
  }

  /** Works as long as the driver has something. An interrupt stands afterwards. */
  void run() throws IOException {
    boolean interrupted = false;
    try {
      for (long number = 1; ; ) {
        try {
          DataInputStream answer = Wire.read(ask(number));
          number++;
          if (!act(answer)) {
            return;
          }
        } catch (InterruptedException e) {
          interrupted = true; // what the slot was given is not to be lost
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Asks; again with the same number if there was no answer, which gives the same. */
  private byte[] ask(long number) throws IOException, InterruptedException {
    agent.reports().awaitRoom();
    byte[] question =
        Wire.message(
            ToDriver.NEXT,
            out -> {
              Wire.write(slot, out);
              out.writeLong(number);
            });
    for (int failures = 0; ; ) {
      long began = System.nanoTime();
      try {
        return agent.ask(question);
      } catch (IOException e) { // there was nothing to do for long; or there is no pool any more
        boolean isQuick = System.nanoTime() - began < QUICK_NANOS;
        failures = isQuick ? failures + 1 : 0;
        if (failures > MOST_FAILURES) {
          throw e;
        }
        if (isQuick) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
      }
    }
  }

  private boolean act(DataInputStream answer) throws IOException, InterruptedException {
    ToExecutor what = Wire.read(ToExecutor.all(), answer);
    switch (what) {
      case CHUNK -> take(answer.readInt(), Chunk.read(answer));
      case START -> {
        agent.workers().awaitReleases(answer.readInt());
        agent.workers().start(answer.readInt());
      }
      case LEAVE -> {
        return false;
      }
      default -> throw new IOException("no answer to a slot: " + what);
    }
    return true;
  }

  private void take(int releases, Chunk chunk) {
    synchronized (this) {
      left += chunk.items().size();
      worker = chunk.worker();
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          agent.workers().awaitReleases(releases);
          agent.workers().run(chunk, this);
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (IOException | RuntimeException | Error e) { // a disk is full, say
          agent.workers().refuse(chunk, this, e);
          break;
        }
      }
      while (true) {
        try {
          await(chunk.askAt());
          return;
        } catch (InterruptedException e) {
          interrupted = true; // who stops a call tells its worker so
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void await(int most) throws InterruptedException {
    while (left > most) {
      wait();
    }
  }

  /** One of its items has its outcome, or was handed back. */
  void ended() {
    ended(1);
  }

  /** Tells whether it has more than so many items. */
  synchronized boolean hasMore(int items) {
    return left > items;
  }

  /** So many of its items have their outcomes. */
  synchronized void ended(int items) {
    left -= items;
    notifyAll();
  }
}
