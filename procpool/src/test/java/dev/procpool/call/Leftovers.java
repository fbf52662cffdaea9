package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits until what a test made is gone. */
public final class Leftovers {

  private static final long SAFETY_MILLIS = 30_000;

  private Leftovers() {}

  /** Fails if a thread whose name begins so goes on living. */
  public static void assertNoThread(String prefix) throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(prefix)) {
        thread.join(SAFETY_MILLIS);
        assertThat(thread.isAlive()).as("thread %s lives", thread.getName()).isFalse();
      }
    }
  }

  /** Fails if the object that a supplier makes, and drops, stays reachable. */
  public static void assertCollected(Supplier<Object> maker) throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> reference = new WeakReference<>(maker.get(), queue);
    assertCollected(reference, queue);
  }

  /** Fails if a reference that was registered with the queue is not cleared. */
  public static void assertCollected(WeakReference<?> reference, ReferenceQueue<Object> queue)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(SAFETY_MILLIS).toNanos();
    while (!reference.refersTo(null) && System.nanoTime() < end) {
      System.gc();
      queue.remove(50);
    }
    assertThat(reference.refersTo(null)).as("collected").isTrue();
  }
}
