package dev.procpool.spi;

import java.util.Map;

/**
 * Takes what a thread knows along to where its tasks run: a logging library's mapped diagnostic
 * context, a trace. Found by {@link java.util.ServiceLoader} in the program. A worker finds it in
 * the same way on its own class path, or among the classes that it fetches from the program for the
 * task; one that has no carrier of a name does without.
 *
 * <p>What it captures when a call is made is restored around each of the call's items, wherever
 * they run, and around the call's callbacks; a call that a task makes takes it along once more.
 * What a carrier throws is logged once, and costs no call.
 *
 * <pre>{@code
 * public final class TenantCarrier implements ContextCarrier {
 *   public String name() {
 *     return "tenant";
 *   }
 *
 *   public Map<String, String> capture() {
 *     return Tenant.isKnown() ? Map.of("id", Tenant.current()) : Map.of();
 *   }
 *
 *   public Scope restore(Map<String, String> context) {
 *     String before = Tenant.set(context.get("id"));
 *     return () -> Tenant.set(before);
 *   }
 * }
 * }</pre>
 *
 * <p>Implementations are thread-safe, public, and have a constructor without arguments. The model
 * is {@code io.micrometer.context.ThreadLocalAccessor}.
 *
 * @since 0.2.0
 */
public interface ContextCarrier {

  /**
   * Names what is carried: the same in the program and in its workers.
   *
   * @return the name, unlike that of other carriers
   */
  String name();

  /**
   * Captures what the current thread knows, as it makes a call.
   *
   * @return names and values, none of them null; empty for nothing, which is not restored
   */
  Map<String, String> capture();

  /**
   * Makes the current thread know what another did.
   *
   * @param context what {@link #capture} gave, perhaps in another process
   * @return puts things back as they were, on the same thread
   */
  Scope restore(Map<String, String> context);

  /** Ends what a carrier has restored. */
  @FunctionalInterface
  interface Scope extends AutoCloseable {

    /** Puts things back as they were. */
    @Override
    void close();
  }
}
