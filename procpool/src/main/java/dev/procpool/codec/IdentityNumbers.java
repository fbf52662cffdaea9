package dev.procpool.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers objects by identity, in the order in which they are met, and knows which are still open:
 * begun and not all written. A hash table with linear probing. Owned by one thread.
 */
final class IdentityNumbers {

  /** A list's elements may be one object: room is made at once for not too many. */
  private static final int MOST_EXPECTED = 1 << 12;

  private @Nullable Object[] keys = new @Nullable Object[32];
  private int[] numbers = new int[32];
  private int size;

  /** The open ones, each within the one before it; -1 for one that was closed early. */
  private int[] open = new int[8];

  private int depth;

  /** Gives an object's number; to one that has none the next, opens it, and gives -1. */
  int findOrOpen(Object object) {
    int at = slot(object);
    if (keys[at] != null) {
      return numbers[at];
    }
    if (2 * size >= keys.length) {
      resize(2 * keys.length);
      at = slot(object);
    }
    keys[at] = object;
    numbers[at] = size;
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = size++;
    return -1;
  }

  boolean isOpen(int number) {
    for (int i = 0; i < depth; i++) {
      if (open[i] == number) {
        return true;
      }
    }
    return false;
  }

  /** Closes the object that was opened last and is still open. */
  void close() {
    depth--;
  }

  /** Lets the object that was opened last be referred to, until it is closed. */
  void closeEarly() {
    open[depth - 1] = -1;
  }

  /** Makes room for some more objects. */
  void expect(int more) {
    int capacity = keys.length;
    while (capacity < MOST_EXPECTED && capacity < 2L * (size + (long) more)) {
      capacity *= 2;
    }
    if (capacity > keys.length) {
      resize(capacity);
    }
  }

  private int slot(Object object) {
    int mask = keys.length - 1;
    int at = System.identityHashCode(object) & mask;
    while (keys[at] != null && keys[at] != object) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void resize(int capacity) {
    @Nullable Object[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new @Nullable Object[capacity];
    numbers = new int[capacity];
    for (int i = 0; i < oldKeys.length; i++) {
      Object key = oldKeys[i];
      if (key != null) {
        int at = slot(key);
        keys[at] = key;
        numbers[at] = oldNumbers[i];
      }
    }
  }
}
