package dev.procpool.context;

import dev.procpool.guard.SafeLog;
import dev.procpool.spi.ContextCarrier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The carriers of this process, found once. Thread-safe. */
final class Carriers {

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private static final List<ContextCarrier> ALL = find();

  private Carriers() {}

  /** Those that the loader of procpool sees; a look for the file first, since most have none. */
  private static List<ContextCarrier> find() {
    ClassLoader loader = ContextCarrier.class.getClassLoader();
    List<ContextCarrier> found = new ArrayList<>();
    boolean isNamed = ContextCarrier.class.getModule().isNamed();
    String file = "META-INF/services/" + ContextCarrier.class.getName();
    if (!isNamed && loader != null && loader.getResource(file) == null) {
      return List.of();
    }
    try {
      Iterator<ContextCarrier> all = ServiceLoader.load(ContextCarrier.class, loader).iterator();
      while (all.hasNext()) {
        add(all, found);
      }
    } catch (Throwable e) {
      say("carriers of context can't be found", e);
    }
    return List.copyOf(found);
  }

  /** One whose library is missing is none. */
  private static void add(Iterator<ContextCarrier> all, List<ContextCarrier> found) {
    try {
      found.add(all.next());
    } catch (Throwable e) {
      say("a carrier of context can't be made", e);
    }
  }

  /** What the current thread knows, by the names of carriers; those with nothing are not in it. */
  static Map<String, Map<String, String>> capture() {
    if (ALL.isEmpty()) {
      return Map.of();
    }
    Map<String, Map<String, String>> captured = new LinkedHashMap<>();
    for (ContextCarrier carrier : ALL) {
      try {
        Map<String, String> known = carrier.capture();
        if (known != null && !known.isEmpty()) {
          captured.put(carrier.name(), new HashMap<>(known)); // one that any process can read
        }
      } catch (Throwable e) {
        say("a carrier of context threw; the call goes on without what it carries", e);
      }
    }
    return captured;
  }

  /** The classes of those that have captured something. */
  static String[] classesOf(Map<String, Map<String, String>> captured) {
    List<String> classes = new ArrayList<>();
    for (ContextCarrier carrier : captured.isEmpty() ? List.<ContextCarrier>of() : ALL) {
      try {
        if (captured.containsKey(carrier.name())) {
          classes.add(carrier.getClass().getName());
        }
      } catch (Throwable e) {
        say("a carrier of context threw; workers that lack it do without", e);
      }
    }
    return classes.toArray(new String[0]);
  }

  /**
   * Has the current thread know what another did, as far as there are carriers for it.
   *
   * @param first those that are asked before this process's own, and instead of them
   */
  static List<ContextCarrier.Scope> restore(
      Map<String, Map<String, String>> captured, List<ContextCarrier> first) {
    if (captured.isEmpty() || ALL.isEmpty() && first.isEmpty()) {
      return List.of();
    }
    Map<String, Map<String, String>> left = first.isEmpty() ? captured : new HashMap<>(captured);
    List<ContextCarrier.Scope> scopes = new ArrayList<>(ALL.size() + first.size());
    for (ContextCarrier carrier : first) {
      restore(carrier, left::remove, scopes);
    }
    for (ContextCarrier carrier : ALL) {
      restore(carrier, left::get, scopes);
    }
    return scopes;
  }

  private static void restore(
      ContextCarrier carrier,
      Function<String, @Nullable Map<String, String>> captured,
      List<ContextCarrier.Scope> scopes) {
    try {
      Map<String, String> known = captured.apply(carrier.name());
      ContextCarrier.@Nullable Scope scope = known == null ? null : carrier.restore(known);
      if (scope != null) {
        scopes.add(scope);
      }
    } catch (Throwable e) {
      say("a carrier of context threw; the item runs without what it carries", e);
    }
  }

  /** Puts things back, the last first. */
  static void close(List<ContextCarrier.Scope> scopes) {
    for (int i = scopes.size() - 1; i >= 0; i--) {
      try {
        scopes.get(i).close();
      } catch (Throwable e) {
        say("a carrier of context threw; what it has restored may stay", e);
      }
    }
  }

  static void say(String what, Throwable e) {
    if (!SAID.getAndSet(true)) {
      SafeLog.log(System.Logger.Level.WARNING, what, e);
    }
  }
}
