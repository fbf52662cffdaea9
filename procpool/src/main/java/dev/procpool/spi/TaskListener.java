package dev.procpool.spi;

import dev.procpool.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is told what a task says of its item by its {@link TaskContext}. Thread-safe: a task may say how
 * far it has come on any thread.
 *
 * @since 0.2.0
 */
public interface TaskListener {

  /**
   * The item gets on.
   *
   * @param progress how far it has come; null if the task did not say
   */
  void progressed(@Nullable Progress progress);

  /**
   * The task has published a part of its result.
   *
   * @param part the part
   */
  void published(Object part);

  /**
   * Gives what the last attempt at the item that has published something published last.
   *
   * @return the part; empty if there is none
   */
  Optional<Object> earlier();

  /** The task asks for another worker in the place of its own, after its item. */
  default void replacementAsked() {}
}
