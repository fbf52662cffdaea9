package dev.procpool.job;

/**
 * A list of values of which some are boxed primitives that need not be boxed for those who ask for
 * less.
 */
public interface PrimitiveBits {

  /**
   * Tells what a value is.
   *
   * @param place its place in the list
   * @return the letter that the JVM has for its type in descriptors; 0 if it is no primitive
   */
  byte type(int place);

  /**
   * Gives the bits of a primitive.
   *
   * @param place its place in the list
   * @return the number itself, the raw bits of a floating-point one, 1 for true
   */
  long bits(int place);
}
