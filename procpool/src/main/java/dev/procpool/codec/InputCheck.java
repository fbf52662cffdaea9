package dev.procpool.codec;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * What may be read of one value: asks the filters, and sees to it that all arrays together take no
 * more memory than {@link ArraySize} allows for the bytes present. Owned by the thread that reads.
 */
final class InputCheck {

  /** The pool's own filter, and that of the JVM, which it may only narrow; of each null if none. */
  private final @Nullable ObjectInputFilter filter;

  private final @Nullable ObjectInputFilter wide;

  /** How many bytes came. */
  private final int length;

  /** What the arrays may have all together. */
  private final long mostArrayBytes;

  /** How many elements the arrays have that were made, or asked about. */
  private long elements;

  /** What these arrays take. */
  private long arrayBytes;

  private @Nullable String rejected;

  InputCheck(
      @Nullable ObjectInputFilter filter,
      @Nullable ObjectInputFilter wide,
      int length,
      boolean isTrusting) {
    this.filter = filter;
    this.wide = wide;
    this.length = length;
    this.mostArrayBytes = isTrusting ? Long.MAX_VALUE : ArraySize.most(length);
  }

  /** What was rejected, why, and what to do; null if nothing was. */
  @Nullable String rejected() {
    return rejected;
  }

  /** Tells whether each class, but for arrays, may be read at a depth: no filter asks for more. */
  boolean admitsAll(int depth) {
    return wide == null
        && (filter == null || filter instanceof DepthFilter limit && depth <= limit.most());
  }

  /** Allows what the filters allow and there is memory for. */
  ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
    if (info.arrayLength() >= 0) {
      elements += info.arrayLength();
      arrayBytes += ArraySize.of(info.serialClass(), info.arrayLength());
      if (arrayBytes > mostArrayBytes) {
        return reject(
            "REJECTED: collections and arrays of "
                + elements
                + " elements, which take "
                + arrayBytes
                + " bytes of memory, came in "
                + length
                + " bytes: that much memory is not reserved on a worker's word");
      }
    }
    return ask(info);
  }

  /** Allows what the filters allow. */
  ObjectInputFilter.Status ask(ObjectInputFilter.FilterInfo info) {
    ObjectInputFilter.Status own = status(filter, info);
    if (own == ObjectInputFilter.Status.REJECTED) {
      return reject(
          filter instanceof DepthFilter depth
              ? "REJECTED: the objects are nested more than "
                  + depth.most()
                  + " deep, the limit where no resultFilter is set; return a list in place of a"
                  + " chain, or set a resultFilter with a larger maxdepth"
              : describe("resultFilter", filter, info));
    }
    ObjectInputFilter.Status jvm = status(wide, info);
    if (jvm == ObjectInputFilter.Status.REJECTED) {
      return reject(describe("jdk.serialFilter of this JVM", wide, info));
    }
    return own == ObjectInputFilter.Status.ALLOWED ? own : jvm;
  }

  private static ObjectInputFilter.Status status(
      @Nullable ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
    return filter == null ? ObjectInputFilter.Status.UNDECIDED : filter.checkInput(info);
  }

  /** Rejects; the first reason counts. */
  ObjectInputFilter.Status reject(String why) {
    if (rejected == null) {
      rejected = why;
    }
    return ObjectInputFilter.Status.REJECTED;
  }

  /** Tells what a filter objects to: the class by itself, or a number. */
  private static String describe(
      String name, @Nullable ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
    Class<?> type = info.serialClass();
    String which = "REJECTED by the deserialization filter (" + name + "): ";
    if (type != null
        && status(filter, new Seen(type, -1, 1, 1, 0)) == ObjectInputFilter.Status.REJECTED) {
      return which
          + type.getTypeName()
          + "; if that class is to be trusted, let the filter allow it";
    }
    return which
        + (info.arrayLength() < 0 ? "" : "an array of " + info.arrayLength() + " elements in ")
        + "a graph of depth "
        + info.depth()
        + " with "
        + info.references()
        + " references and "
        + info.streamBytes()
        + " bytes so far; return less, or let the filter allow more";
  }

  /** A question to a filter. */
  record Seen(
      @Nullable Class<?> serialClass,
      long arrayLength,
      long depth,
      long references,
      long streamBytes)
      implements ObjectInputFilter.FilterInfo {}
}
