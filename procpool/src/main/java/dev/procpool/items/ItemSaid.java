package dev.procpool.items;

import dev.procpool.Progress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the task of an attempt has said so far. Thread-safe. */
public final class ItemSaid {

  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Consumer<Progress> news;
  private final AtomicLong words = new AtomicLong();
  private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - NEWS_NANOS);
  private volatile @Nullable Progress progress;
  private volatile @Nullable Object part;

  /**
   * Makes one of an attempt that has said nothing.
   *
   * @param news is told how far the item has come, up to four times a second
   */
  public ItemSaid(Consumer<Progress> news) {
    this.news = news;
  }

  /** The item gets on, and may say how far it has come. */
  public void progressed(@Nullable Progress now) {
    words.incrementAndGet();
    if (now != null) {
      progress = now;
      long time = System.nanoTime();
      long before = toldAt.get();
      if (time - before >= NEWS_NANOS && toldAt.compareAndSet(before, time)) {
        news.accept(now);
      }
    }
  }

  /** A part of the result. */
  public void published(Object more) {
    part = more;
    words.incrementAndGet();
  }

  /** How often it has said anything. */
  public long words() {
    return words.get();
  }

  /** How far it has come; null if it has not said. */
  public @Nullable Progress progress() {
    return progress;
  }

  /** The last part; null if there is none. */
  public @Nullable Object part() {
    return part;
  }
}
