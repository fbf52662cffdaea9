package dev.procpool.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of five arguments that a worker process can run.
 *
 * <p>A lambda, a method reference or an object of a named class will do. It crosses to the worker
 * by Java serialization, so what it captures must be serializable. It may throw any exception: the
 * caller of the pool gets it back.
 *
 * @param <A> the type of the first argument
 * @param <B> the type of the second argument
 * @param <C> the type of the third argument
 * @param <D> the type of the fourth argument
 * @param <E> the type of the fifth argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Task5<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        D extends @Nullable Object,
        E extends @Nullable Object,
        R extends @Nullable Object>
    extends Serializable {

  /**
   * Computes the result, in a worker process.
   *
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @return the result; may be null
   * @throws Exception any failure: it costs this item only
   */
  R call(A a, B b, C c, D d, E e) throws Exception;
}
