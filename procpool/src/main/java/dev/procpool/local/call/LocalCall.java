package dev.procpool.local.call;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Slice;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Attempts;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.EncodedThrowable;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What the local backend keeps of a call. Thread-safe but for {@link #killAfter}. */
public final class LocalCall {

  public final long id;
  public final Submission<Object, Object> submission;
  public final byte[] task;

  /** The encoded variables of the shell that the task uses; empty if there are none. */
  public final byte[] variables;

  /** Whether the task is the same in every call, so that workers may keep it. */
  public final boolean isStateless;

  /**
   * Whether bodies are the caller's own arrays, which it waits for: they are right as long as the
   * call {@linkplain Submission#isAwaited is awaited}.
   */
  public final boolean borrowsBodies;

  /** Whether items and results are bytes, which another JVM encodes and decodes. */
  final boolean isEncoded;

  /** Finds the classes of results, and those that workers ask for. */
  public final ClassLoader loader;

  /** The loader's number. */
  public final long loaderNumber;

  /** The shared values that it has sent. */
  public final SharedUses uses;

  final CallInput input;

  /** The same, held back while results wait that take much memory. */
  public final PacedInput paced;

  /** Decodes what runs users' code, in turn. */
  public final Executor decoding;

  /** Null if no item is ever tried again. */
  private final @Nullable Attempts<Object> attempts;

  /** The last attempts at items that wait to be tried again, or are; by the item. */
  private final Map<Long, Attempt> tried;

  /** What items have published that wait to be tried again, or are; by the item. */
  private final Map<Long, byte[]> published;

  /** What each item may take, as workers are told it with the task. */
  public final TaskLimits limits;

  /** Whether each item begins with a time limit of its own: see {@link Block#limitNanos}. */
  final boolean isLimitedByItem;

  public final int chunkSize;
  public final int priority;

  /**
   * When a running item that was cancelled is killed; 0 for never. Owned by the engine's thread.
   */
  public long killAfter;

  /**
   * How many of its results were lost for lack of memory in this JVM. Owned by the engine's thread.
   */
  public int lostResults;

  /** Whether it was aborted for that and is still to be cancelled. Owned by the engine's thread. */
  public boolean isAbandoned;

  /** What workers wait for because of it; null until it is taken on. The engine's thread's. */
  CallPhases.@Nullable Call phases;

  /** Completed when nothing more of it can start; null if nobody waits. The engine's thread's. */
  private @Nullable CompletableFuture<Void> stopping;

  /** Completed with the thread's work that pulls the items; with null if the caller did it. */
  private final CompletableFuture<@Nullable Future<?>> feeder = new CompletableFuture<>();

  public LocalCall(
      long id,
      Submission<Object, Object> submission,
      EncodedCall encoded,
      long loaderNumber,
      SharedUses uses,
      CallInput input,
      Runnable inputReady,
      Executor decoding,
      boolean hasTimeLimit) {
    this.id = id;
    this.submission = submission;
    this.borrowsBodies = submission.isAwaited();
    this.task = encoded.task();
    this.variables = encoded.variables();
    this.isStateless = encoded.isStateless();
    this.isEncoded = (Object) submission.task() instanceof EncodedTask;
    this.loader = encoded.loader();
    this.loaderNumber = loaderNumber;
    this.uses = uses;
    this.input = input;
    this.paced = new PacedInput(input, submission, inputReady);
    this.decoding = decoding;
    TaskOptions options = submission.options();
    this.attempts = options.retry().isPresent() ? new Attempts<>(submission) : null;
    // an encoded item may have been tried elsewhere
    boolean isTriedAgain = attempts != null || isEncoded;
    this.tried = isTriedAgain ? new ConcurrentHashMap<>() : Map.of();
    this.published = isTriedAgain ? new ConcurrentHashMap<>() : Map.of();
    this.limits = hasTimeLimit ? limits(options) : TaskLimits.NONE;
    this.isLimitedByItem = limits.runNanos() == TaskLimits.BY_ITEM;
    this.chunkSize = options.chunkSize().orElse(0);
    this.priority = options.priority();
  }

  /** Tells whether results are decoded here, not by another JVM. */
  public boolean decodes() {
    return !isEncoded;
  }

  /** What a task returned. */
  public @Nullable Object value(Codec codec, byte[] array, int offset, int length)
      throws CodecException {
    return isEncoded
        ? Arrays.copyOfRange(array, offset, offset + length)
        : codec.decode(array, offset, length, loader);
  }

  /** What a task threw. */
  public Throwable thrown(Codec codec, byte[] array, int offset, int length) {
    return isEncoded
        ? new EncodedThrowable(Arrays.copyOfRange(array, offset, offset + length))
        : codec.decodeThrowable(array, offset, length, loader);
  }

  private static TaskLimits limits(TaskOptions options) {
    return options.isLimited()
        ? new TaskLimits(
            options.hasTimeoutByItem() ? TaskLimits.BY_ITEM : nanos(options.timeout()),
            nanos(options.stallTimeout()),
            nanos(options.cpuTimeout()))
        : TaskLimits.NONE;
  }

  private static long nanos(Optional<Duration> limit) {
    return limit.isPresent() ? Nanos.of(limit.get()) : 0;
  }

  /** The limit that an item was stopped for. */
  public Duration limitOf(Item item, LimitKind kind) {
    return isLimitedByItem && kind == LimitKind.RUN_TIME
        ? Duration.ofNanos(limits(item.slice(), 0).runNanos())
        : kind.of(submission.options()).orElse(Duration.ZERO);
  }

  /** What one of some items may take. */
  public TaskLimits limits(Slice items, int offset) {
    return isLimitedByItem
        ? limits.withRun(((Block) items.items()).limitNanos(items.from() + offset))
        : limits;
  }

  /**
   * An attempt at an item has ended without a value: reports its outcome, or keeps what there is of
   * it for the next attempt.
   *
   * @param part what the item has published in this one; null for nothing
   * @return how long the item waits for that attempt; null if there is none, and it was reported
   */
  public @Nullable Duration conclude(Outcome<Object> outcome, byte @Nullable [] part, ItemRun run) {
    Duration wait = attempts == null ? null : attempts.waitBeforeNext(outcome).orElse(null);
    if (wait == null) {
      concluded(outcome.index());
      submission.settled(outcome, run);
      return null;
    }
    if (part != null) {
      published(outcome.index(), part);
    }
    tried.put(outcome.index(), Attempt.of(outcome));
    return wait;
  }

  /** Keeps what an item has published, which waits for its next attempt. */
  void published(long index, byte[] part) {
    published.put(index, part);
  }

  /** What the attempts before this one at an item have published last; null for nothing. */
  public byte @Nullable [] published(long index) {
    return published.get(index);
  }

  /** An item has its outcome. */
  public void concluded(long index) {
    if (!published.isEmpty()) {
      published.remove(index);
    }
  }

  /** An attempt at an item has ended. */
  public void tried(Item item) {
    if (item.attempt() > 1) {
      tried.remove(item.index());
    }
  }

  /** The same for several items that have a value, not in their first attempts. */
  public void tried(long[] indexes, int count) {
    for (int i = 0; i < count; i++) {
      tried.remove(indexes[i]);
      concluded(indexes[i]);
    }
  }

  /** The last attempt at an item of some that wait to be started. */
  public Attempt lastAttempt(Slice items, int offset) {
    long index = items.firstIndex() + offset;
    Attempt last = items.attempt() > 1 ? tried.get(index) : null;
    if (last == null) {
      int attempts = items.attempt() - 1;
      return attempts == 0
          ? Attempt.none(index)
          : new Attempt(index, attempts, Duration.ZERO, WorkerName.NONE);
    }
    return last;
  }

  /** Has a future completed once nothing more of the call can start; on the engine's thread. */
  public void whenStopped(CompletableFuture<Void> waiter) {
    if (stopping == null) {
      stopping = waiter;
    } else {
      stopping.thenRun(() -> waiter.complete(null));
    }
  }

  /** Nothing more of the call can start; on the engine's thread. */
  public void stopped() {
    if (stopping != null) {
      stopping.complete(null);
      stopping = null;
    }
  }

  /** Says what pulls the items; null if that has been done. */
  public void feeder(@Nullable Future<?> work) {
    feeder.complete(work);
  }

  /** Takes no more items from the source, and tries none again. */
  public void stopFeeding() {
    input.close();
    if (attempts != null) {
      attempts.stop();
    }
    feeder.thenAccept(
        work -> {
          if (work != null) {
            work.cancel(true);
          }
        });
  }

  /** Ends the call and lets go of the results that have come. */
  public void drop(Throwable cause) {
    submission.drop(cause);
    stopFeeding();
  }

  /** Ends the call with everything that has no outcome. */
  public void abort(Throwable cause) {
    submission.abort(cause);
    stopFeeding();
  }
}
