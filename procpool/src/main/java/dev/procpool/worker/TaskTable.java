package dev.procpool.worker;

import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeText;
import dev.procpool.protocol.ShellVariable;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.TaskMessage;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of the calls that this worker takes part in, but for those that have one item: their
 * tasks are with their chunks.
 *
 * <p>The inbox puts and forgets them, in any thread's sight; each is decoded by the task thread,
 * when its first item runs, since decoding runs users' code.
 */
final class TaskTable {

  private static final int MAX_KEPT = 64;

  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final Codec codec;
  private final ClassLoader own;
  private final ClassFetch fetch;

  /** Tasks without state, by their bytes: decoding one takes longer than many a call. */
  private final Map<ByteBuffer, Task1<Object, Object>> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Task1<Object, Object>> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /** The one used last: most calls are of the same task, and to compare is faster than to hash. */
  private @Nullable Task1<Object, Object> keptLast;

  private byte[] keptLastBytes = new byte[0];

  /** Spares a look into the table for each item. */
  private volatile @Nullable Entry lastUsed;

  TaskTable(Codec codec, ClassLoader own, ClassFetch fetch) {
    this.codec = codec;
    this.own = own;
    this.fetch = fetch;
  }

  void put(TaskMessage message) {
    entries.put(message.call(), entry(message));
  }

  /** Makes an entry; that of a task of one chunk goes with the chunk, not in here. */
  Entry entry(TaskMessage message) {
    return new Entry(message);
  }

  void forget(long call) {
    entries.remove(call);
    Entry last = lastUsed;
    if (last != null && last.message.call() == call) {
      lastUsed = null;
    }
  }

  /** Lets go of a loader that no task uses any more. */
  void release(long loader) {
    fetch.release(loader);
  }

  /** Gives the task of the item that a chunk is at, once, on the task thread. */
  Entry get(ReceivedChunk chunk) {
    Entry own = chunk.takeTask();
    if (own != null) {
      if (lastUsed != null) { // it has to set the shell's variables again after this task
        lastUsed = null;
      }
      return own;
    }
    return get(chunk.header.call());
  }

  private Entry get(long call) {
    Entry last = lastUsed;
    if (last != null && last.message.call() == call) {
      return last;
    }
    Entry entry = entries.get(call);
    if (entry == null) {
      throw new IllegalStateException("a chunk came before the task of its call " + call);
    }
    lastUsed = entry;
    entry.isShellReady = false; // another call of the shell may have set its variables otherwise
    return entry;
  }

  /** Gives a task that is the same in every call, from an earlier one if there was. */
  private Task1<Object, Object> kept(byte[] bytes) throws CodecException {
    Task1<Object, Object> task = keptLast;
    if (task == null || !Arrays.equals(bytes, keptLastBytes)) {
      ByteBuffer key = ByteBuffer.wrap(bytes);
      task = kept.get(key);
      if (task == null) {
        task = decode(bytes, own);
        kept.put(key, task);
      }
      keptLast = task;
      keptLastBytes = bytes;
    }
    return task;
  }

  @SuppressWarnings("unchecked") // the parent encoded a Task1
  private Task1<Object, Object> decode(byte[] bytes, ClassLoader loader) throws CodecException {
    Object task = codec.decode(bytes, 0, bytes.length, loader);
    return Objects.requireNonNull((Task1<Object, Object>) task);
  }

  /** One call's task. Owned by the task thread but for its making. */
  final class Entry {

    private final TaskMessage message;
    private final ClassLoader loader;
    private @Nullable Task1<Object, Object> task;
    private @Nullable CodecException failure;

    /** Whether the shell's variables are those of this call. */
    private boolean isShellReady;

    Entry(TaskMessage message) {
      this.message = message;
      this.loader = fetch.loader(message.loader(), own);
    }

    /** The number of its call. */
    long call() {
      return message.call();
    }

    /** Finds the classes of the task, its arguments and what they use. */
    ClassLoader loader() {
      return loader;
    }

    /** What the item may take that the chunk is at. */
    TaskLimits limits(ReceivedChunk chunk) {
      TaskLimits limits = message.limits();
      return limits.runNanos() == TaskLimits.BY_ITEM ? limits.withRun(chunk.takeLimit()) : limits;
    }

    /** Only what the class path has, so that no loader is kept with it. */
    private boolean isKept() {
      return message.isStateless() && loader == own;
    }

    Task1<Object, Object> task() throws CodecException {
      if (failure != null) {
        throw failure;
      }
      if (!isShellReady || task == null) {
        try {
          if (message.variables().length > 0) {
            setVariables();
          }
          isShellReady = true;
          if (task == null) {
            task = isKept() ? kept(message.task()) : decode(message.task(), loader);
          }
        } catch (CodecException e) {
          failure = e;
          throw e;
        }
      }
      return task;
    }

    /** Gives the shell's variables the values that they had when the call was made. */
    private void setVariables() throws CodecException {
      for (ShellVariable variable : ShellVariable.read(message.variables())) {
        byte[] value = variable.value();
        try {
          Object decoded = codec.decode(value, 0, value.length, loader);
          Field field =
              Class.forName(variable.type(), true, loader).getDeclaredField(variable.field());
          field.setAccessible(true);
          field.set(null, decoded);
        } catch (CodecException e) {
          throw new CodecException(
              "the shell's variable '" + variable.field() + "': " + e.getMessage(), e);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
          throw new CodecException(
              "the shell's variable '" + variable.field() + "' can't be set: " + SafeText.of(e), e);
        }
      }
    }
  }
}
