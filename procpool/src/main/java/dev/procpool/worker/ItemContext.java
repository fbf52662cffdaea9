package dev.procpool.worker;

import dev.procpool.WorkerContext;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.OutputMark;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The context of whatever item the task thread runs. Owned by that thread, but for {@link #mark}.
 */
final class ItemContext implements WorkerContext {

  private final int workerNumber;
  private final ItemGuard guard;
  private final ChunkQueue chunks;
  private final Map<Class<?>, Object> states = new HashMap<>();
  private @Nullable ChunkHeader chunk;
  private int offset;

  ItemContext(int workerNumber, ItemGuard guard, ChunkQueue chunks) {
    this.workerNumber = workerNumber;
    this.guard = guard;
    this.chunks = chunks;
  }

  /** Says which item is next; before the guard is told that it begins. */
  void enter(ChunkHeader itsChunk, int itsOffset) {
    chunk = itsChunk;
    offset = itsOffset;
  }

  /** What the output of this moment belongs to; from any thread. Null if no item runs. */
  @Nullable OutputMark mark() {
    long word = guard.running();
    ChunkHeader header = chunk;
    int at = offset;
    if (word == 0 || header == null || word != ItemRef.word(header.chunk(), at)) {
      return null; // the last is met by other threads only, between two items
    }
    return new OutputMark(header.job(), header.firstIndex() + at, header.attempt());
  }

  @Override
  public int workerNumber() {
    return workerNumber;
  }

  @Override
  public long itemIndex() {
    return chunk == null ? -1 : chunk.firstIndex() + offset;
  }

  @Override
  public int attempt() {
    return chunk == null ? 0 : chunk.attempt();
  }

  @Override
  public boolean isCancelled() {
    return guard.isInterrupted();
  }

  @Override
  public <T> T state(Class<T> type) {
    Object value = states.get(type);
    if (value == null) {
      throw new IllegalStateException(
          "no state of "
              + type
              + " in worker "
              + workerNumber
              + ": let the initializer call WorkerContext.current().setState("
              + type.getSimpleName()
              + ".class, …)");
    }
    return type.cast(value);
  }

  @Override
  public <T> void setState(Class<T> type, T value) {
    states.put(type, type.cast(value));
  }

  @Override
  public void replaceWorker() {
    if (chunk == null) {
      throw new IllegalStateException(
          "replaceWorker() was called in the initializer of worker "
              + workerNumber
              + ", which runs for no item: throw an exception to refuse this process");
    }
    try {
      chunks.replace();
    } catch (IOException e) {
      // the pool is gone; the inbox ends the process
    }
  }
}
