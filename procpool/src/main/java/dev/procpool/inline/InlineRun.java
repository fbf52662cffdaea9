package dev.procpool.inline;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.Progress;
import dev.procpool.items.ItemSaid;
import dev.procpool.items.LimitWatch;
import dev.procpool.spi.TaskContext;
import dev.procpool.spi.TaskListener;
import dev.procpool.time.AwakeTimer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an item on one worker.
 *
 * <p>Made and run by the worker's thread; {@code finished} and what stops it are guarded by the
 * backend's lock.
 *
 * @param <R> the type of the results
 */
final class InlineRun<R> implements TaskListener {

  /** Why an attempt is stopped before its end. */
  enum Stop {
    LIMIT,
    CANCELLED
  }

  final InlineCall<?, R> call;
  final InlineItem item;
  final InlineWorker worker;
  final long startNanos = System.nanoTime();

  /** Null while nothing stops it. Written under the lock. */
  volatile @Nullable Stop stop;

  /** Whether the pool was terminated: set before the worker is interrupted. */
  volatile boolean isOver;

  // ---- guarded by the backend's lock

  List<StackTraceElement> stack = List.of();

  /** Which limit it has run into. */
  LimitKind limit = LimitKind.RUN_TIME;

  AwakeTimer.@Nullable Alarm alarm;
  boolean finished;

  private final ItemSaid said;

  /** Null if it has no limits. Set by the worker's thread before the task runs. */
  volatile @Nullable LimitWatch limits;

  /** What its task has returned that is not null, as it would cross. */
  private volatile byte @Nullable [] result;

  /** The last part that was published, as it would cross. */
  private volatile byte @Nullable [] part;

  InlineRun(InlineCall<?, R> call, InlineItem item, InlineWorker worker, InlineNews news) {
    this.call = call;
    this.item = item;
    this.worker = worker;
    this.said = new ItemSaid(progress -> news.progressed(this, progress));
  }

  /** What its task can know. */
  TaskContext context() {
    return new TaskContext(
        worker.number(),
        worker.state(),
        item.index(),
        attempt(),
        () -> stop != null || call.submission.isEnded(),
        this);
  }

  // ---------------------------------------------------------------- what its task says

  @Override
  public void progressed(@Nullable Progress progress) {
    said.progressed(progress);
  }

  @Override
  public void published(Object more) {
    byte[] bytes = Copying.encodeResult("the part", more);
    Object copy = Copying.decode("the part", bytes, call.loader);
    part = bytes;
    said.published(Objects.requireNonNull(copy));
  }

  @Override
  public Optional<Object> earlier() {
    byte[] bytes = item.published();
    return bytes == null
        ? Optional.empty()
        : Optional.ofNullable(Copying.decode("what was published", bytes, call.loader));
  }

  /** How often it has said anything. */
  long words() {
    return said.words();
  }

  /** How far it has come. */
  @Nullable Progress progress() {
    return said.progress();
  }

  /** The last part that it or an attempt before it has published; null if there is none. */
  @Nullable Object part() {
    Object own = said.part();
    return own == null ? item.last().partial().orElse(null) : own;
  }

  /** Its task has returned, perhaps after it was told to stop. */
  void returned(byte[] bytes) {
    result = bytes;
  }

  /** The item for one more attempt. */
  InlineItem again(Outcome<?> outcome) {
    byte[] own = stop != null && result != null ? result : part;
    return item.after(outcome, own == null ? item.published() : own);
  }

  /** Which attempt at the item it is, from 1. */
  int attempt() {
    return item.last().number() + 1;
  }
}
