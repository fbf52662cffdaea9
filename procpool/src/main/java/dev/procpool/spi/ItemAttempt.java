package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.Progress;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.items.ItemSaid;
import dev.procpool.items.LimitWatch;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an item, which an {@link ItemWorker} makes. Where the worker is a thread of this
 * JVM, {@link #run} is all that is needed. A worker elsewhere is sent {@link #task} and {@link
 * #item}, and calls {@link #end} with the outcome that comes back:
 *
 * <pre>{@code
 * attempt.end(attempt.soFar().succeeded(value));
 * attempt.end(attempt.soFar().lost(exit)); // the worker is gone: another takes its place
 * }</pre>
 *
 * <p>Thread-safe: the first end counts.
 *
 * @param <T> the type of the item
 * @param <R> the type of the result
 * @since 0.2.0
 */
public final class ItemAttempt<T extends @Nullable Object, R extends @Nullable Object>
    implements TaskListener {

  /** The call whose task the thread runs, by {@link #run}. */
  private static final ThreadLocal<@Nullable ItemCall<?, ?>> CURRENT = new ThreadLocal<>();

  final ItemCall<T, R> call;
  final ItemCall.Waiting<T> waiting;
  final ItemSlot slot;
  final long startNanos = System.nanoTime();

  /** That which runs the task in this JVM; null before, after, and if it runs elsewhere. */
  private volatile @Nullable Thread thread;

  /** Written with the backend's lock. */
  volatile boolean isOver;

  /** Null if it has no limits; set before its worker is told of it. */
  volatile @Nullable LimitWatch limits;

  private final ItemSaid said;

  ItemAttempt(ItemCall<T, R> call, ItemCall.Waiting<T> waiting, ItemSlot slot) {
    this.call = call;
    this.waiting = waiting;
    this.slot = slot;
    this.said = new ItemSaid(progress -> call.backend.progressed(this, progress));
  }

  /**
   * Gives the item's place in its call.
   *
   * @return the index, from 0
   */
  public long index() {
    return waiting.last().index();
  }

  /**
   * Tells which attempt at the item it is.
   *
   * @return 1 for the first
   */
  public int number() {
    return waiting.last().number() + 1;
  }

  /**
   * Gives the item.
   *
   * @return the item; may be null
   */
  public T item() {
    return waiting.item();
  }

  /**
   * Gives the task.
   *
   * @return the task
   */
  public Task1<? super T, ? extends R> task() {
    return call.submission.task();
  }

  /**
   * Tells whether the attempt has ended: by itself, at its time limit, or since it was cancelled.
   *
   * @return whether its task is to stop, if it still runs
   */
  public boolean isOver() {
    return isOver;
  }

  /**
   * Runs the task on this thread, which has the task's class loader meanwhile, and ends the attempt
   * with what comes of it. Does nothing if the attempt is over.
   */
  public void run() {
    if (isOver) {
      return;
    }
    Outcome<R> outcome;
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    current.setContextClassLoader(call.loader);
    CURRENT.set(call);
    thread = current;
    try {
      LimitWatch watch = limits;
      if (watch != null) {
        call.submission.options().cpuTimeout().ifPresent(limit -> watch.limitCpu(Nanos.of(limit)));
      }
      TaskContext context =
          new TaskContext(slot.number, slot.state, index(), number(), this::isOver, this);
      R value = WorkerContext.callWith(context, () -> task().call(item()));
      outcome = soFar().succeeded(value);
    } catch (Throwable e) {
      outcome = soFar().failed(e);
    } finally {
      thread = null;
      CURRENT.remove();
      current.setContextClassLoader(before);
      if (!isOver) {
        Thread.interrupted(); // the task's own doing, not meant for the next
      }
    }
    end(outcome);
  }

  /**
   * The item gets on. A worker elsewhere passes on what its task says, for the call's stall limit
   * and for observers; so it does with parts.
   *
   * @param progress how far the item has come; null if its task did not say
   */
  @Override
  public void progressed(@Nullable Progress progress) {
    said.progressed(progress);
  }

  @Override
  public void published(Object part) {
    said.published(part);
  }

  @Override
  public void replacementAsked() {
    slot.isToBeReplaced = true;
  }

  @Override
  public Optional<Object> earlier() {
    return waiting.last().partial();
  }

  /** How often its task has said anything. */
  long words() {
    return said.words();
  }

  /** How far the item has come. */
  Optional<Progress> progress() {
    return Optional.ofNullable(said.progress());
  }

  /**
   * Tells of the attempt as it is now, to make the outcome for {@link #end}.
   *
   * @return what has run, where, and how long since it was given to its worker
   */
  public Attempt soFar() {
    Object part = said.part();
    return new Attempt(index(), number(), System.nanoTime() - startNanos, slot.name())
        .leaving(part == null ? earlier().orElse(null) : part, said.progress());
  }

  /**
   * Ends the attempt: the item is tried again if the call's retry policy says so, else this is its
   * outcome. The worker gets its next item; if it was {@linkplain Attempt#lost lost}, another takes
   * its place. Does nothing if the attempt is over.
   *
   * @param outcome what came of it, made by {@link #soFar}
   */
  public void end(Outcome<R> outcome) {
    call.backend.end(this, outcome);
  }

  /** Where the task is just now, if that can be told. */
  List<StackTraceElement> stack() {
    Thread running = thread;
    return running == null ? List.of() : List.of(running.getStackTrace());
  }

  /** The call whose task this thread runs; null if it runs none. */
  static @Nullable ItemCall<?, ?> currentCall() {
    return CURRENT.get();
  }
}
