package dev.procpool.codec;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers objects by identity, in the order in which they are met, and knows which are still open:
 * begun and not all written. A hash table with linear probing. Owned by one thread.
 */
final class IdentityNumbers {

  private @Nullable Object[] keys = new @Nullable Object[32];
  private int[] numbers = new int[32];
  private int size;
  private final BitSet open = new BitSet();

  /** Gives an object's number; -1 if it has none. */
  int find(Object object) {
    int at = slot(object);
    return keys[at] == null ? -1 : numbers[at];
  }

  /** Gives an object that has none the next number, and opens it. */
  int add(Object object) {
    if (2 * size >= keys.length) {
      grow();
    }
    int at = slot(object);
    keys[at] = object;
    numbers[at] = size;
    open.set(size);
    return size++;
  }

  boolean isOpen(int number) {
    return open.get(number);
  }

  void close(int number) {
    open.clear(number);
  }

  /** Closes the object added last. */
  void closeLast() {
    open.clear(size - 1);
  }

  private int slot(Object object) {
    int mask = keys.length - 1;
    int at = System.identityHashCode(object) & mask;
    while (keys[at] != null && keys[at] != object) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    @Nullable Object[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new @Nullable Object[2 * oldKeys.length];
    numbers = Arrays.copyOf(oldNumbers, keys.length);
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
