package dev.procpool.slf4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The parent's loggers that workers have named. Logging libraries keep a logger for ever, so there
 * are not more of them than some number, nor longer ones, whatever names a worker sends: the rest
 * are the root logger's. Thread-safe.
 */
final class LoggerCache<L> {

  private static final int MOST = 50_000;

  /** Of all their names together. */
  private static final long MOST_CHARS = 8 * 1024 * 1024;

  private final Map<String, L> loggers = new ConcurrentHashMap<>();
  private final Function<String, L> library;
  private final String root;
  private final AtomicLong chars = new AtomicLong();

  LoggerCache(Function<String, L> library, String root) {
    this.library = library;
    this.root = root;
  }

  L get(String name) {
    L known = loggers.get(name);
    if (known != null) {
      return known;
    }
    if (name.isEmpty() || loggers.size() >= MOST || chars.addAndGet(name.length()) > MOST_CHARS) {
      return library.apply(root);
    }
    L made = library.apply(name);
    loggers.put(name, made);
    return made;
  }
}
