package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.local.call.LocalCall;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.SentChunk;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chunk that a worker reports from, and how far the scheduler has not heard of yet. Owned by
 * the engine's thread.
 */
final class ChunkReport {

  private @Nullable SentChunk chunk;
  private @Nullable LocalCall call;
  private boolean isDropped;
  private int next;
  private int count;
  private long nanos;

  /** What the item at {@code saidBy} has said of itself. */
  private Remains said = Remains.NONE;

  private int saidBy;

  /** What the item that was taken in last was stopped for, if it was. */
  private @Nullable LimitKind stoppedFor;

  void begin(SentChunk of, int offset) {
    chunk = of;
    next = offset;
    count = 0;
    nanos = 0;
    said = Remains.NONE;
  }

  /**
   * The next item says something of itself before its end. For what there is no memory, what it has
   * said before stays.
   */
  void said(Kind kind, byte[] array, int at, int length) throws ProtocolException {
    Remains before = remains();
    Remains now;
    if (kind == Kind.PROGRESS) {
      now = new Remains(before.part(), Remains.progress(array, at, length));
    } else {
      try {
        now = new Remains(Arrays.copyOfRange(array, at, at + length), before.progress());
      } catch (OutOfMemoryError e) {
        return;
      }
    }
    said = now;
    saidBy = next;
  }

  /** What there is of the next item. */
  Remains remains() {
    return saidBy == next ? said : Remains.NONE;
  }

  /** What there is of the item that was {@linkplain #add taken in} last. */
  Remains remainsOfLast() {
    return saidBy == next - 1 ? said : Remains.NONE;
  }

  /** What there is of an item, if it is the next. */
  Remains remains(Item item) {
    return chunk != null
            && chunk.call() == item.call()
            && chunk.slice().firstIndex() + next == item.index()
        ? remains()
        : Remains.NONE;
  }

  /** Whether there is a next item, and a worker may report it. */
  boolean hasNext() {
    return chunk != null && next < chunk.end();
  }

  /** Whether this is the next item. */
  boolean isNext(long ofChunk, int offset) {
    return chunk != null && chunk.id() == ofChunk && next == offset;
  }

  /** Takes in the next item. */
  void add(long took) {
    next++;
    count++;
    nanos += took;
  }

  /** The item that was {@linkplain #add taken in} last. */
  Item lastItem() {
    return Objects.requireNonNull(chunk).item(next - 1);
  }

  /** The next item was stopped for a limit. */
  void stoppedFor(LimitKind limit) {
    stoppedFor = limit;
  }

  /** The limit of the item that was taken in last; only of one that was stopped for one. */
  LimitKind limitOfLast() {
    return Objects.requireNonNull(stoppedFor);
  }

  @Nullable SentChunk chunk() {
    return chunk;
  }

  /** Says what the chunk's call is; null if it has ended. */
  void of(@Nullable LocalCall call) {
    this.call = call;
    isDropped = call != null && call.submission.isEnded();
  }

  /** Has no more results of the call decoded, since it was aborted. */
  void drop() {
    isDropped = true;
  }

  boolean isDropped() {
    return isDropped;
  }

  /** The chunk's call, if that has not ended. */
  @Nullable LocalCall call() {
    return call;
  }

  /** The place of the next item. */
  int next() {
    return next;
  }

  /** How many items the scheduler has not heard of. */
  int count() {
    return count;
  }

  /** How long these ran together. */
  long nanos() {
    return nanos;
  }

  /** The scheduler has heard of all. A chunk that is over is let go, with its bytes. */
  void accounted() {
    count = 0;
    nanos = 0;
    if (!hasNext()) {
      clear();
    } else if (saidBy < next) {
      said = Remains.NONE;
    }
  }

  /** Forgets what made no sense. */
  void clear() {
    chunk = null;
    call = null;
    count = 0;
    nanos = 0;
    said = Remains.NONE;
  }
}
