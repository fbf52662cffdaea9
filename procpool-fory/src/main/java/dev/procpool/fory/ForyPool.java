package dev.procpool.fory;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.fory.Fory;
import org.apache.fory.logging.LogLevel;
import org.apache.fory.logging.LoggerFactory;
import org.apache.fory.resolver.SharedRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The instances of Fory for the classes of one loader. One is used by one thread at a time, and
 * there are as many as threads have used at once; what they compile they share.
 *
 * <p>Thread-safe. Held softly: a loader that nobody else holds can go with its classes.
 */
final class ForyPool {

  /** Deeper graphs are refused when they are written, not only when they are read. */
  private static final int MAX_DEPTH = 100_000;

  private static final Map<ClassLoader, SoftReference<ForyPool>> POOLS = new WeakHashMap<>();

  static {
    LoggerFactory.setLogLevel(LogLevel.ERROR_LEVEL);
  }

  private final ClassLoader loader;
  private final SharedRegistry registry = new SharedRegistry();
  private final ConcurrentLinkedDeque<Fory> idle = new ConcurrentLinkedDeque<>();

  private ForyPool(ClassLoader loader) {
    this.loader = loader;
  }

  /** Gives that of a loader; null stands for the class path's. */
  static ForyPool of(@Nullable ClassLoader loader) {
    ClassLoader key = loader == null ? ClassLoader.getSystemClassLoader() : loader;
    synchronized (POOLS) {
      SoftReference<ForyPool> known = POOLS.get(key);
      ForyPool pool = known == null ? null : known.get();
      if (pool == null) {
        pool = new ForyPool(key);
        POOLS.put(key, new SoftReference<>(pool));
      }
      return pool;
    }
  }

  Fory take() {
    Fory fory = idle.pollFirst();
    return fory == null ? make() : fory;
  }

  /** Takes back an instance that has done its work to the end. */
  void giveBack(Fory fory) {
    idle.addFirst(fory);
  }

  private Fory make() {
    return Fory.builder()
        .withClassLoader(loader)
        .withSharedRegistry(registry)
        .withXlang(false)
        .withCompatible(false)
        .withRefTracking(true)
        .requireClassRegistration(false)
        .suppressClassRegistrationWarnings(true)
        .withMaxDepth(MAX_DEPTH)
        .withMaxGraphMemoryBytes(Runtime.getRuntime().maxMemory())
        .build();
  }
}
