package dev.procpool.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An action of one argument and without a result that a worker process can run.
 *
 * <p>It crosses to the worker by Java serialization, as {@link Task1} does.
 *
 * @param <A> the type of the first argument
 */
@FunctionalInterface
public interface Action1<A extends @Nullable Object> extends Serializable {

  /**
   * Does the work, in a worker process.
   *
   * @param a the first argument; may be null
   * @throws Exception any failure: it costs this item only
   */
  void run(A a) throws Exception;
}
