package dev.procpool.spi;

import org.jspecify.annotations.Nullable;

/**
 * Values that a backend reports together. Numbers may stay bits until somebody asks for them: most
 * calls keep them as such, so that a million results are a few arrays and not a million objects.
 *
 * <p>Belongs to the backend, which may use it again after the report.
 *
 * @param <R> the type of the values
 * @since 0.2.0
 */
public interface ValueBatch<R extends @Nullable Object> {

  /**
   * Tells how many values there are.
   *
   * @return the number
   */
  int size();

  /**
   * Gives a value.
   *
   * @param place its place in the batch, from 0
   * @return the value, boxed if it is a primitive; may be null
   */
  R value(int place);

  /**
   * Tells whether a value is a boxed primitive whose bits are there. By default none is.
   *
   * @param place its place in the batch
   * @return the letter that the JVM has for its type in descriptors, such as {@code 'I'}; 0 if it
   *     is to be had by {@link #value} alone
   */
  default byte primitive(int place) {
    return 0;
  }

  /**
   * Gives the bits of a primitive: the number itself, the raw bits of a floating-point one, 1 for
   * true. Asked only where {@link #primitive} says so.
   *
   * @param place its place in the batch
   * @return the bits
   */
  default long bits(int place) {
    throw new UnsupportedOperationException("value " + place + " has no bits");
  }
}
