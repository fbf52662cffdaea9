package dev.procpool.function;

import org.jspecify.annotations.Nullable;

/**
 * Makes the argument tuples of {@code starmap}.
 *
 * <p>Java has no tuples; {@code Args.of(1, 0.5)} stands where Python has {@code (1, 0.5)}.
 */
public final class Args {

  private Args() {}

  /**
   * Bundles two arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @return the tuple
   */
  public static <A extends @Nullable Object, B extends @Nullable Object> Args2<A, B> of(A a, B b) {
    return new Args2<>(a, b);
  }

  /**
   * Bundles three arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @return the tuple
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      Args3<A, B, C> of(A a, B b, C c) {
    return new Args3<>(a, b, c);
  }

  /**
   * Bundles four arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @return the tuple
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      Args4<A, B, C, D> of(A a, B b, C c, D d) {
    return new Args4<>(a, b, c, d);
  }

  /**
   * Bundles five arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @return the tuple
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      Args5<A, B, C, D, E> of(A a, B b, C c, D d, E e) {
    return new Args5<>(a, b, c, d, e);
  }

  /**
   * Bundles six arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @param f the sixth argument; may be null
   * @return the tuple
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object>
      Args6<A, B, C, D, E, F> of(A a, B b, C c, D d, E e, F f) {
    return new Args6<>(a, b, c, d, e, f);
  }
}
