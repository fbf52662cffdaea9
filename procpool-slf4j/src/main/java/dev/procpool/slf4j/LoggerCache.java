package dev.procpool.slf4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The parent's loggers that workers have named. Logging libraries keep a logger for ever, so there
 * are not more of them than some number, whatever names a worker sends: the rest are the root
 * logger's. Thread-safe.
 */
final class LoggerCache<L> {

  private static final int MOST = 50_000;

  private final Map<String, L> loggers = new ConcurrentHashMap<>();
  private final Function<String, L> library;
  private final String root;

  LoggerCache(Function<String, L> library, String root) {
    this.library = library;
    this.root = root;
  }

  L get(String name) {
    L known = loggers.get(name);
    if (known != null) {
      return known;
    }
    if (name.isEmpty() || loggers.size() >= MOST) {
      return library.apply(root);
    }
    L made = library.apply(name);
    loggers.put(name, made);
    return made;
  }
}
