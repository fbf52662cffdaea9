package dev.procpool.worker;

import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Task1;
import dev.procpool.protocol.TaskMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of the calls that this worker takes part in.
 *
 * <p>The inbox puts and forgets them, in any thread's sight; each is decoded by the task thread,
 * when its first item runs, since decoding runs users' code.
 */
final class TaskTable {

  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final Codec codec;
  private final ClassLoader own;
  private final ClassFetch fetch;

  TaskTable(Codec codec, ClassLoader own, ClassFetch fetch) {
    this.codec = codec;
    this.own = own;
    this.fetch = fetch;
  }

  void put(TaskMessage message) {
    entries.put(message.job(), new Entry(message));
  }

  void forget(long job) {
    entries.remove(job);
  }

  Entry get(long job) {
    Entry entry = entries.get(job);
    if (entry == null) {
      throw new IllegalStateException("a chunk came before the task of its call " + job);
    }
    return entry;
  }

  /** One call's task. Owned by the task thread but for its making. */
  final class Entry {

    private final TaskMessage message;
    private final ClassLoader loader;
    private @Nullable Task1<Object, Object> task;
    private @Nullable CodecException failure;

    Entry(TaskMessage message) {
      this.message = message;
      this.loader = fetch.loader(message.loader(), own);
    }

    /** Finds the classes of the task, its arguments and what they use. */
    ClassLoader loader() {
      return loader;
    }

    long timeoutNanos() {
      return message.timeoutNanos();
    }

    @SuppressWarnings("unchecked") // the parent encoded a Task1
    Task1<Object, Object> task() throws CodecException {
      if (failure != null) {
        throw failure;
      }
      if (task == null) {
        try {
          byte[] bytes = message.task();
          task = (Task1<Object, Object>) codec.decode(bytes, 0, bytes.length, loader);
        } catch (CodecException e) {
          failure = e;
          throw e;
        }
      }
      return task;
    }
  }
}
