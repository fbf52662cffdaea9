package dev.procpool.items;

import dev.procpool.Progress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the task of an attempt has said so far. Thread-safe, guarded by itself. */
public final class ItemSaid {

  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Consumer<Progress> news;
  private long words;
  private long toldAt;
  private boolean isTold;
  private @Nullable Progress progress;
  private @Nullable Object part;

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
    if (take(now) && now != null) {
      news.accept(now); // without the lock
    }
  }

  /** Takes a word in, and tells whether it is news. */
  private synchronized boolean take(@Nullable Progress now) {
    words++;
    if (now == null) {
      return false;
    }
    progress = now;
    long time = System.nanoTime();
    boolean isNews = !isTold || time - toldAt >= NEWS_NANOS;
    if (isNews) {
      isTold = true;
      toldAt = time;
    }
    return isNews;
  }

  /** A part of the result. */
  public synchronized void published(Object more) {
    part = more;
    words++;
  }

  /** How often it has said anything. */
  public synchronized long words() {
    return words;
  }

  /** How far it has come; null if it has not said. */
  public synchronized @Nullable Progress progress() {
    return progress;
  }

  /** The last part; null if there is none. */
  public synchronized @Nullable Object part() {
    return part;
  }
}
