package dev.procpool.worker;

import java.lang.reflect.Constructor;
import java.util.List;

/**
 * Leaves the keys of a terminal to the pool's process. Ctrl-C goes to every process of the
 * terminal; a worker that ended by it before its pool would look like a crash, and one whose pool
 * goes on, as a shell's does, would be missed.
 *
 * <p>By reflection, since the JDK has these signals in a module that need not be there.
 */
final class TerminalSignals {

  private TerminalSignals() {}

  /** Lets this process ignore them; does nothing where that can't be done. */
  static void leaveToPool() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Constructor<?> named = signal.getConstructor(String.class);
      Object ignore = handler.getField("SIG_IGN").get(null);
      for (String name : List.of("INT", "HUP")) {
        signal.getMethod("handle", signal, handler).invoke(null, named.newInstance(name), ignore);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      // no such module, or signals are not the JVM's: -Xrs
    }
  }
}
