package dev.procpool.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * What is done to a cluster, in an order that follows from a seed: a deck of cards that is shuffled
 * anew when it is used up, so that each comes in time. Not thread-safe.
 */
final class Hits {

  enum Hit {
    RESIZE(2),
    KILL_WORKER(3),
    TERM_WORKER(1),
    STOP_WORKER(1),
    PAUSE_WORKER(1),
    KILL_EXECUTOR(2),
    PAUSE_EXECUTOR(1),
    CUT_CONNECTIONS(1),
    KILL_DAEMON(1),
    KILL_MASTER(1);

    private final int cards;

    Hit(int cards) {
      this.cards = cards;
    }
  }

  private final Random random;
  private final Deque<Hit> deck = new ArrayDeque<>();

  Hits(long seed) {
    this.random = new Random(seed);
  }

  Hit next() {
    if (deck.isEmpty()) {
      List<Hit> all = new ArrayList<>();
      for (Hit hit : Hit.values()) {
        all.addAll(Collections.nCopies(hit.cards, hit));
      }
      Collections.shuffle(all, random);
      deck.addAll(all);
    }
    return deck.remove();
  }
}
