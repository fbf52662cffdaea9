package dev.procpool.testkit;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Sources of items that misbehave in a known way. They are iterated in the caller's JVM. */
final class Sources {

  private Sources() {}

  /** The given items, waiting for a latch before the one with the given index. */
  static <T> Iterable<T> blockingAt(int index, CountDownLatch latch, List<T> items) {
    return () ->
        IntStream.range(0, items.size())
            .mapToObj(
                i -> {
                  if (i == index) {
                    awaitQuietly(latch);
                  }
                  return items.get(i);
                })
            .iterator();
  }

  /** The given items, then the failure, thrown by {@code hasNext()}. */
  static <T> Iterable<T> throwingFromHasNext(List<T> items, RuntimeException failure) {
    return () ->
        new Iterator<>() {
          private final Iterator<T> before = items.iterator();

          @Override
          public boolean hasNext() {
            if (!before.hasNext()) {
              throw failure;
            }
            return true;
          }

          @Override
          public T next() {
            return before.next();
          }
        };
  }

  /** The given items, then the failure, thrown by {@code next()}. */
  static <T> Iterable<T> throwingFromNext(List<T> items, RuntimeException failure) {
    return () ->
        new Iterator<>() {
          private final Iterator<T> before = items.iterator();

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public T next() {
            if (!before.hasNext()) {
              throw failure;
            }
            return before.next();
          }
        };
  }

  /** 0, 1, 2 and so on without end, counting how many were taken. */
  static Iterable<Long> endless(AtomicLong taken) {
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Long next() {
            return taken.getAndIncrement();
          }
        };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
