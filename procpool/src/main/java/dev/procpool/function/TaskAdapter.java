package dev.procpool.function;

/**
 * A task around another, such as those that {@link Tasks} makes. Where a task comes from, and what
 * messages say of it, goes by its target.
 *
 * @since 0.2.0
 */
public interface TaskAdapter {

  /**
   * Gives what this adapter calls.
   *
   * @return a task or action, or one more adapter
   */
  Object target();
}
