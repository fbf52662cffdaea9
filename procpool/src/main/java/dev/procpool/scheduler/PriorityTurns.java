package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What takes turns, by priority: the highest goes first, and within a priority all go in turn. One
 * turn in {@value #LOWER_TURN} is that of a lower priority, so that none starves.
 *
 * <p>Owned by one thread, or guarded by its owner's lock.
 *
 * @param <T> what takes turns
 */
public final class PriorityTurns<T> {

  /** Every so manieth turn is a lower priority's. */
  static final int LOWER_TURN = 10;

  /** Those of one priority, in the order of their turns. */
  private record Level<T>(int priority, ArrayDeque<T> ring) {}

  /** The highest first. One, as a rule; empty ones stay until another is added. */
  private final List<Level<T>> levels = new ArrayList<>(1);

  private int turns;
  private int lowerTurns;

  /** Makes turns that nobody takes yet. */
  public PriorityTurns() {}

  /**
   * Puts something at the end of its priority's turns.
   *
   * @param each what takes turns
   * @param priority its priority; higher goes first
   */
  public void add(T each, int priority) {
    for (int i = 0; i < levels.size(); i++) {
      Level<T> level = levels.get(i);
      if (level.priority() == priority) {
        level.ring().add(each);
        return;
      }
    }
    addLevel(priority).add(each);
  }

  private ArrayDeque<T> addLevel(int priority) {
    levels.removeIf(level -> level.ring().isEmpty());
    int at = 0;
    while (at < levels.size() && levels.get(at).priority() > priority) {
      at++;
    }
    Level<T> level = new Level<>(priority, new ArrayDeque<>());
    levels.add(at, level);
    return level.ring();
  }

  /** The only priority's turns; null if there are several. */
  @Nullable ArrayDeque<T> only() {
    return levels.size() == 1 ? levels.get(0).ring() : null;
  }

  /** Begins a turn: all rings, that whose turn it is first. Those of no use may be empty. */
  List<ArrayDeque<T>> inTurn() {
    List<ArrayDeque<T>> rings = new ArrayList<>(levels.size());
    levels.forEach(level -> rings.add(level.ring()));
    rings.removeIf(ArrayDeque::isEmpty);
    if (rings.size() > 1 && ++turns % LOWER_TURN == 0) {
      int lower = 1 + Math.floorMod(lowerTurns++, rings.size() - 1);
      rings.add(0, rings.remove(lower));
    }
    return rings;
  }

  /**
   * Takes out what is next.
   *
   * @return the next; null if there is none
   */
  public @Nullable T poll() {
    ArrayDeque<T> only = only();
    if (only != null) {
      return only.poll();
    }
    List<ArrayDeque<T>> rings = inTurn();
    return rings.isEmpty() ? null : rings.get(0).poll();
  }

  /**
   * Takes out something wherever it stands; does nothing if it is not there.
   *
   * @param each what took turns
   */
  public void remove(T each) {
    levels.forEach(level -> level.ring().remove(each));
  }

  /** Takes out everything. */
  public void clear() {
    levels.clear();
  }

  /** All that take turns, as they stand. */
  Iterable<T> all() {
    List<T> all = new ArrayList<>();
    levels.forEach(level -> all.addAll(level.ring()));
    return all;
  }
}
