package dev.procpool.local;

import dev.procpool.spi.SandboxCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that starts the JVM of a worker with fewer rights: words that go before those of the
 * JVM, for {@link ProcessPool.Builder#sandbox}.
 *
 * <pre>{@code
 * ProcessPool.builder()
 *     .sandbox(Sandbox.prlimit().processorTime(Duration.ofMinutes(10)).around(Sandbox.bubblewrap()))
 *     .inheritEnvironment(false)
 * }</pre>
 *
 * <p>The command must in the end replace itself by the JVM, or start it as its only child and end
 * with its exit status; it must leave standard input, output and error to it; and it must let the
 * worker reach what {@link Start} names. Whatever it does, the pool kills the process and all that
 * descend from it when a worker is to end.
 *
 * <p>Implementations are immutable.
 */
@FunctionalInterface
public interface Sandbox extends SandboxCommand {

  /**
   * Puts another sandbox within this one.
   *
   * @param inner what this starts, and what starts the JVM
   * @return both
   */
  default Sandbox around(Sandbox inner) {
    return new NestedSandbox(this, inner);
  }

  /**
   * Makes a sandbox of fixed words.
   *
   * @param program the program: a path, or a name to be found on the {@code PATH}
   * @param options its options, up to where the command begins that it is to run
   * @return the sandbox
   */
  static Sandbox of(String program, String... options) {
    List<String> words = new ArrayList<>();
    words.add(program);
    words.addAll(List.of(options));
    return new FixedSandbox(List.copyOf(words));
  }

  /**
   * Gives limits of the system on Linux, by {@code prlimit} of util-linux. Without more said it
   * limits nothing.
   *
   * @return the limits
   */
  static Prlimit prlimit() {
    return new Prlimit(0, 0, 0);
  }

  /**
   * Gives namespaces of Linux, by bubblewrap ({@code bwrap}): no network, no files but those that a
   * JVM and its classes need, temporary folders of the worker's own, and no process in sight but
   * its own. {@link Bubblewrap#readable} and {@link Bubblewrap#writable} show more.
   *
   * @return the sandbox
   */
  static Bubblewrap bubblewrap() {
    return Bubblewrap.byDefault();
  }
}
