package dev.procpool.fory;

import dev.procpool.spi.ObjectCodec;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.OutputStream;
import java.util.List;
import org.apache.fory.Fory;
import org.apache.fory.memory.MemoryBuffer;

/**
 * Writes object graphs with <a href="https://fory.apache.org">Apache Fory</a>, which takes a
 * fraction of the time and bytes of Java serialization once it has compiled its serializers.
 *
 * <pre>{@code
 * Pool pool = ProcessPool.builder().objectCodec(new ForyCodec()).build();
 * }</pre>
 *
 * <p>No class needs to be registered, none to be {@code Serializable}; transient fields, shared
 * references, cycles, {@code writeReplace} and {@code readResolve} are kept. What Fory refuses goes
 * by Java serialization, and later objects of that class without asking Fory again. So do graphs
 * that are too deep for it.
 *
 * <p>Fory takes half a second to a second in each process, at its first object: it pays from some
 * ten thousand objects on. Both sides must have the same classes. On Java 24 and newer the JVM
 * warns of its use of {@code sun.misc.Unsafe}, once, unless started with {@code
 * --sun-misc-unsafe-memory-access=allow}; workers are. What Fory logs below the level of errors is
 * switched off in processes that use this codec.
 *
 * <p>Immutable and thread-safe.
 */
public final class ForyCodec implements ObjectCodec {

  private static final long serialVersionUID = 1L;

  private static final int FIRST_WITH_UNSAFE_OPTION = 23;

  /** Makes a codec; all are alike. */
  public ForyCodec() {}

  @Override
  public boolean encode(Object graph, OutputStream out) throws IOException {
    if (Refusals.has(graph)) {
      return false;
    }
    ForyPool pool = ForyPool.of(graph.getClass().getClassLoader());
    Fory fory = pool.take();
    byte[] bytes;
    try {
      bytes = fory.serialize(graph);
    } catch (RuntimeException e) {
      Refusals.add(graph);
      pool.giveBack(fory); // it has cleared its state; after an error it may not have
      throw e;
    }
    pool.giveBack(fory);
    out.write(bytes);
    return true;
  }

  @Override
  public Object decode(byte[] bytes, int offset, int length, ClassLoader loader)
      throws InvalidObjectException {
    ForyPool pool = ForyPool.of(loader);
    Fory fory = pool.take();
    MemoryBuffer buffer = MemoryBuffer.fromByteArray(bytes, offset, length);
    Object graph;
    try {
      graph = fory.deserialize(buffer);
    } catch (RuntimeException e) {
      pool.giveBack(fory);
      throw e;
    }
    pool.giveBack(fory);
    if (graph == null || buffer.readerIndex() != length) {
      throw new InvalidObjectException(
          "an object in Fory's form of "
              + buffer.readerIndex()
              + " bytes, where there are "
              + length);
    }
    return graph;
  }

  @Override
  public List<String> workerJvmOptions() {
    return Runtime.version().feature() >= FIRST_WITH_UNSAFE_OPTION
        ? List.of("--sun-misc-unsafe-memory-access=allow")
        : List.of();
  }
}
