package dev.procpool.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An action of five arguments and without a result that a worker process can run.
 *
 * <p>It crosses to the worker by Java serialization, as {@link Task5} does.
 *
 * @param <A> the type of the first argument
 * @param <B> the type of the second argument
 * @param <C> the type of the third argument
 * @param <D> the type of the fourth argument
 * @param <E> the type of the fifth argument
 */
@FunctionalInterface
public interface Action5<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        D extends @Nullable Object,
        E extends @Nullable Object>
    extends Serializable {

  /**
   * Does the work, in a worker process.
   *
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @throws Exception any failure: it costs this item only
   */
  void run(A a, B b, C c, D d, E e) throws Exception;
}
