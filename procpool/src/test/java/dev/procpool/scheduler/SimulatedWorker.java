package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A worker that runs chunks in the order sent; its line delays what goes over it, in order. */
final class SimulatedWorker {

  static final class Held {
    final SentChunk chunk;
    int claimed;
    int limit;

    Held(SentChunk chunk) {
      this.chunk = chunk;
      this.limit = chunk.slice().count();
    }
  }

  final long id;
  final ArrayDeque<Held> held = new ArrayDeque<>();

  /** Items sent to this worker and neither started nor, as far as the pool knows, given back. */
  int unstarted;

  boolean dead;
  boolean gone;
  boolean retiring;
  boolean retired;
  boolean isGivenUp;

  /** Since when it has been idle while another had something to spare; -1 if that is not so. */
  long idleSince = -1;

  @Nullable Held running;

  private final Simulation world;
  private long lastIn;
  private long lastOut;
  private int epoch;

  SimulatedWorker(long id, Simulation world) {
    this.id = id;
    this.world = world;
  }

  /** Something is sent to this worker. */
  void in(Runnable message) {
    lastIn = Math.max(lastIn, world.now() + world.latency());
    world.at(
        lastIn,
        () -> {
          if (!dead) {
            message.run();
          }
        });
  }

  /** This worker sends something; it arrives even if the worker dies meanwhile. */
  void out(Runnable message) {
    lastOut = Math.max(lastOut, world.now() + world.latency());
    world.at(lastOut, message);
  }

  void take(SentChunk chunk) {
    held.add(new Held(chunk));
    if (running == null) {
      startNext();
    }
  }

  void recall(long chunk) {
    int from = Integer.MAX_VALUE;
    for (Held h : held) {
      if (h.chunk.id() == chunk) {
        from = h.claimed;
        h.limit = Math.min(h.limit, from);
      }
    }
    int answer = from;
    out(() -> world.returned(this, chunk, answer));
  }

  void interrupt(long chunk) {
    if (running != null && running.chunk.id() == chunk) {
      finish();
    }
  }

  /** Dies now; the pool learns of it after all that was sent. */
  void die() {
    dead = true;
    epoch++;
    out(() -> world.gone(this));
  }

  private void startNext() {
    running = null;
    while (!held.isEmpty() && held.element().claimed >= held.element().limit) {
      held.remove();
    }
    Held next = held.peek();
    if (next != null) {
      int item = (int) next.chunk.slice().firstIndex() + next.claimed++;
      running = next;
      SimulatedCall call = world.call(next.chunk.call());
      assertThat(call.place(item))
          .as("place of item %d", item)
          .isEqualTo(SimulatedCall.Place.WORKER);
      assertThat(++call.starts[item]).as("starts of item %d", item).isEqualTo(call.attempts[item]);
      unstarted--;
      int begun = ++epoch;
      world.at(
          world.now() + call.durationOf(item),
          () -> {
            if (epoch == begun) {
              finish();
            }
          });
    }
  }

  private void finish() {
    Held h = running;
    int offset = h.claimed - 1;
    epoch++;
    out(() -> world.done(this, h.chunk, offset));
    startNext();
  }
}
