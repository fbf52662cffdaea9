package dev.procpool.worker;

import dev.procpool.Progress;
import dev.procpool.WorkerContext;
import dev.procpool.channel.Note;
import dev.procpool.channel.RunPage;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.Codec;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.OutputMark;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The context of whatever item the task thread runs. Owned by that thread, but for {@link #mark},
 * {@link #isCancelled} and what says how far the item has come.
 */
final class ItemContext implements WorkerContext {

  /** No more fit on the page, whatever they are. */
  private static final int MAX_NOTE_CHARS = Note.MAX_TEXT_BYTES;

  private final int workerNumber;
  private final ItemGuard guard;
  private final ChunkQueue chunks;
  private final RunPage page;
  private final Map<Class<?>, Object> states = new HashMap<>();
  private @Nullable ChunkHeader chunk;
  private int offset;

  // what items publish; null until there is an item

  private @Nullable WorkerRings rings;
  private @Nullable Codec codec;

  /** What an earlier attempt at the item has published, and finds its classes. */
  private byte @Nullable [] earlier;

  private @Nullable ClassLoader loader;

  /** What was noted last, of whatever item. */
  private volatile @Nullable Note note;

  ItemContext(int workerNumber, ItemGuard guard, RunPage page, ChunkQueue chunks) {
    this.workerNumber = workerNumber;
    this.guard = guard;
    this.page = page;
    this.chunks = chunks;
  }

  /** Says how to send what items publish. */
  void publishBy(WorkerRings itsRings, Codec itsCodec) {
    rings = itsRings;
    codec = itsCodec;
  }

  private @Nullable PartSender parts() { // not kept: few tasks publish, and each has to start fast
    return rings == null || codec == null ? null : new PartSender(rings, codec, guard);
  }

  /** Says which item is next; before the guard is told that it begins. */
  void enter(ReceivedChunk itsChunk, int itsOffset, ClassLoader itsLoader) {
    chunk = itsChunk.header;
    offset = itsOffset;
    earlier = itsChunk.takePart();
    loader = itsLoader;
  }

  /** The item has ended: nothing of it is kept. */
  void leave() {
    earlier = null;
    if (note != null) { // as a rule there is none, and a store to it takes a fence
      note = null;
    }
  }

  /** What was noted last of an item; null if nothing was. */
  @Nullable Note noteOf(long word) {
    Note last = note;
    return last != null && last.word() == word ? last : null;
  }

  /** What the output of this moment belongs to; from any thread. Null if no item runs. */
  @Nullable OutputMark mark() {
    long word = guard.running();
    ChunkHeader header = chunk;
    int at = offset;
    if (word == 0 || header == null || word != ItemRef.word(header.chunk(), at)) {
      return null; // the last is met by other threads only, between two items
    }
    return new OutputMark(header.call(), header.firstIndex() + at, header.attempt());
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
  public void progress() {
    page.progress();
  }

  @Override
  public synchronized void progress(double fraction, String text) {
    Progress checked = new Progress(fraction, text);
    long word = guard.running();
    if (word != 0) {
      String kept = checked.note(); // a line of it, and not all of a document
      kept = kept.length() > MAX_NOTE_CHARS ? kept.substring(0, MAX_NOTE_CHARS) : kept;
      Note last = new Note(word, checked.fraction(), kept);
      note = last;
      page.note(last);
    }
    page.progress();
  }

  @Override
  public void publish(Object part) {
    Objects.requireNonNull(part, "part");
    PartSender sender = parts();
    ChunkHeader header = chunk;
    if (sender == null || header == null || !guard.isTaskThread()) {
      throw new IllegalStateException(
          "publish() was called "
              + (header == null
                  ? "in the initializer, which runs no item"
                  : "by thread "
                      + Thread.currentThread().getName()
                      + ": only the thread that runs the task may"));
    }
    page.progress(); // encoding it, and finding room for it, may take long
    sender.send(header.chunk(), offset, part);
    page.progress();
  }

  @Override
  public Optional<Object> published() {
    PartSender sender = parts();
    byte[] bytes = earlier;
    return sender == null || bytes == null || loader == null
        ? Optional.empty()
        : Optional.ofNullable(sender.decode(bytes, loader));
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
