package dev.procpool.call;

import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Decides what a call takes of its source when it is made: the references, the size alone, or
 * nothing.
 *
 * <p>A {@code map} call takes the references, so that the caller may change its collection at once.
 * It does so for the JDK's collections that hold their elements: to copy these is quick and runs no
 * code of the user's. Other collections may compute their elements, block, or be larger than the
 * heap, and are read while the call runs, as are those whose copy would take too much of the heap.
 * Of these the call takes the size, and fails if another number of items comes.
 *
 * <p>A stream reads all sources as it goes on, and asks none but the JDK's for its size: that of a
 * lazy list may have no end.
 */
final class Snapshot {

  /** Who holds more items than the heap has bytes, divided by this, is not copied. */
  private static final long HEAP_BYTES_AN_ITEM = 64;

  private Snapshot() {}

  /** The source of a call that takes all items, however fast they are processed. */
  static <T> ItemSource<T> forMap(Iterable<? extends T> items) {
    if (!(items instanceof Collection<? extends T> collection)) {
      return new ItemSource<>(items, ItemSource.UNKNOWN);
    }
    if (!holdsElements(collection)) {
      return new ItemSource<>(items, sizeByItsOwnAccount(collection));
    }
    long size = collection.size();
    if (size <= Runtime.getRuntime().maxMemory() / HEAP_BYTES_AN_ITEM) {
      Object[] references = collection.toArray();
      ItemSource<T> source = new ItemSource<>(() -> new Draining<>(references), references.length);
      return source.atHand();
    }
    Iterator<? extends T> failFast = collection.iterator(); // it notices changes from now on
    return new ItemSource<>(() -> castIterator(failFast), size);
  }

  /** The source of a call that takes items as their results are consumed. */
  static <T> ItemSource<T> forStream(Iterable<? extends T> items) {
    boolean isPlain =
        items instanceof Collection<?> collection
            && holdsElements(collection)
            && !isConcurrent(collection); // which may grow meanwhile
    return new ItemSource<>(items, isPlain ? ((Collection<?>) items).size() : ItemSource.UNKNOWN);
  }

  @SuppressWarnings("unchecked") // an iterator only gives
  private static <T> Iterator<T> castIterator(Iterator<? extends T> iterator) {
    return (Iterator<T>) iterator;
  }

  /** Asks a collection of anybody's; one that can't or won't say has no known size. */
  private static long sizeByItsOwnAccount(Collection<?> collection) {
    try {
      int size = collection.size();
      return size < 0 || size == Integer.MAX_VALUE ? ItemSource.UNKNOWN : size;
    } catch (RuntimeException e) {
      return ItemSource.UNKNOWN; // if it is broken, its iterator will say so
    }
  }

  /**
   * Tells whether a collection is one of the JDK's that hold their elements. Exactly those:
   * subclasses and wrappers may be anybody's. By name, so that none is loaded to be compared.
   */
  private static boolean holdsElements(Collection<?> collection) {
    return switch (collection.getClass().getName()) {
      case "java.util.ArrayList",
          "java.util.Arrays$ArrayList",
          "java.util.ImmutableCollections$ListN",
          "java.util.ImmutableCollections$List12",
          "java.util.ImmutableCollections$SetN",
          "java.util.ImmutableCollections$Set12",
          "java.util.LinkedList",
          "java.util.Vector",
          "java.util.Stack",
          "java.util.ArrayDeque",
          "java.util.PriorityQueue",
          "java.util.HashSet",
          "java.util.LinkedHashSet",
          "java.util.TreeSet",
          "java.util.RegularEnumSet",
          "java.util.JumboEnumSet",
          "java.util.HashMap$KeySet",
          "java.util.HashMap$Values",
          "java.util.HashMap$EntrySet",
          "java.util.LinkedHashMap$LinkedKeySet",
          "java.util.LinkedHashMap$LinkedValues",
          "java.util.LinkedHashMap$LinkedEntrySet",
          "java.util.TreeMap$KeySet",
          "java.util.TreeMap$Values",
          "java.util.TreeMap$EntrySet" ->
          true;
      default -> isConcurrent(collection);
    };
  }

  private static boolean isConcurrent(Collection<?> collection) {
    return switch (collection.getClass().getName()) {
      case "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentLinkedDeque",
          "java.util.concurrent.LinkedBlockingQueue",
          "java.util.concurrent.LinkedBlockingDeque",
          "java.util.concurrent.ArrayBlockingQueue",
          "java.util.concurrent.PriorityBlockingQueue",
          "java.util.concurrent.ConcurrentSkipListSet",
          "java.util.concurrent.ConcurrentHashMap$KeySetView",
          "java.util.concurrent.ConcurrentHashMap$ValuesView",
          "java.util.concurrent.ConcurrentHashMap$EntrySetView" ->
          true;
      default -> false;
    };
  }

  /** Gives the elements of an array and lets go of each. Owned by one thread. */
  private static final class Draining<T> implements Iterator<T> {

    private final Object[] elements;
    private int next;

    Draining(Object[] elements) {
      this.elements = elements;
    }

    @Override
    public boolean hasNext() {
      return next < elements.length;
    }

    @Override
    @SuppressWarnings("unchecked") // the array was made from a collection of T
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T element = (T) elements[next];
      elements[next++] = null;
      return element;
    }
  }
}
