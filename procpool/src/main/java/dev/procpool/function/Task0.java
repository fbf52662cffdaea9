package dev.procpool.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of no arguments that a worker process can run.
 *
 * <p>A lambda, a method reference or an object of a named class will do. It crosses to the worker
 * by Java serialization, so what it captures must be serializable. It may throw any exception: the
 * caller of the pool gets it back.
 *
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Task0<R extends @Nullable Object> extends Serializable {

  /**
   * Computes the result, in a worker process.
   *
   * @return the result; may be null
   * @throws Exception any failure: it costs this item only
   */
  R call() throws Exception;
}
