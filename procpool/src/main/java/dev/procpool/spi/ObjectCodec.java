package dev.procpool.spi;

import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;

/**
 * Another form than Java serialization for the object graphs in arguments and results; named by
 * {@code ProcessPool.builder().objectCodec(...)}.
 *
 * <p>Numbers, strings, primitive arrays, lists and {@code Args} of these never come here: they have
 * short forms of the pool's own. Nor do tasks, initializers, shared values, exceptions and log
 * records, which go by Java serialization always.
 *
 * <p>The codec itself is sent to each worker by Java serialization when the worker starts, so both
 * sides have the same one with the same configuration. Its class and the library that it stands for
 * must be where tasks may have their classes; a worker that can't make it does not start, and the
 * pool says why.
 *
 * <p>A codec sees no {@link java.io.ObjectInputFilter}. A pool with a {@code resultFilter}, or in a
 * JVM with a filter for the whole process, therefore uses it for arguments only: its results go by
 * Java serialization, and an object of the codec's from a worker is refused.
 *
 * <p>Thread-safe: several threads encode and decode at a time.
 */
public interface ObjectCodec extends Serializable {

  /**
   * Writes an object graph, with all that is lost if its parts are written one by one: shared
   * references and cycles.
   *
   * <p>If this throws, what it has written is dropped, and the graph goes by Java serialization. So
   * an object that the codec should not take is no error, only slow; and one that neither takes
   * fails with what Java serialization says of it.
   *
   * @param graph the root; never null
   * @param out where to; need not be buffered, flushed or closed
   * @return false, before anything is written, to leave the graph to Java serialization
   * @throws Exception if the graph can't be written
   */
  boolean encode(Object graph, OutputStream out) throws Exception;

  /**
   * Reads an object graph back. What this throws fails the item. The bytes come from a worker,
   * which may be hostile: whatever they say, this must end, with a value or an exception.
   *
   * @param bytes holds what {@link #encode} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @param loader finds the classes of the graph; another one for each plug-in, shell or program.
   *     To keep it for long keeps all its classes
   * @return the root; never null
   * @throws Exception if the bytes are damaged or a class is missing
   */
  Object decode(byte[] bytes, int offset, int length, ClassLoader loader) throws Exception;

  /**
   * Gives the options of the JVM that workers need for this codec; those of the user come after
   * them.
   *
   * @return options, such as {@code --add-opens=...}; by default none
   */
  default List<String> workerJvmOptions() {
    return List.of();
  }
}
