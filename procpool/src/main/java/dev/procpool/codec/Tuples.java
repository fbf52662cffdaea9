package dev.procpool.codec;

import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import dev.procpool.function.Args4;
import dev.procpool.function.Args5;
import dev.procpool.function.Args6;
import org.jspecify.annotations.Nullable;

/** The tuples {@code Args2} to {@code Args6} seen as arrays, without making any. */
final class Tuples {

  private Tuples() {}

  /** Gives the number of components; 0 if the value is no tuple. */
  static int arity(Object value) {
    if (value instanceof Args2) {
      return 2;
    } else if (value instanceof Args3) {
      return 3;
    } else if (value instanceof Args4) {
      return 4;
    } else if (value instanceof Args5) {
      return 5;
    }
    return value instanceof Args6 ? 6 : 0;
  }

  static @Nullable Object component(Object tuple, int index) {
    if (tuple instanceof Args2<?, ?> t) {
      return index == 0 ? t.first() : t.second();
    } else if (tuple instanceof Args3<?, ?, ?> t) {
      return pick(index, t.first(), t.second(), t.third(), null, null, null);
    } else if (tuple instanceof Args4<?, ?, ?, ?> t) {
      return pick(index, t.first(), t.second(), t.third(), t.fourth(), null, null);
    } else if (tuple instanceof Args5<?, ?, ?, ?, ?> t) {
      return pick(index, t.first(), t.second(), t.third(), t.fourth(), t.fifth(), null);
    }
    Args6<?, ?, ?, ?, ?, ?> t = (Args6<?, ?, ?, ?, ?, ?>) tuple;
    return pick(index, t.first(), t.second(), t.third(), t.fourth(), t.fifth(), t.sixth());
  }

  private static @Nullable Object pick(
      int index,
      @Nullable Object a,
      @Nullable Object b,
      @Nullable Object c,
      @Nullable Object d,
      @Nullable Object e,
      @Nullable Object f) {
    return switch (index) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      case 4 -> e;
      default -> f;
    };
  }

  /**
   * Tells whether the components may be written one by one and nothing is lost by it. Shared
   * references are: so at most one component may have parts, and none may share an array.
   */
  static boolean areIndependent(Object tuple, int arity) {
    int arrays = 0;
    int complex = 0;
    for (int i = 0; i < arity; i++) {
      Object value = component(tuple, i);
      if (value == null || Leaves.isLeaf(value)) {
        continue;
      }
      if (PrimitiveArrays.isPrimitiveArray(value)) {
        for (int j = 0; arrays > 0 && j < i; j++) {
          if (component(tuple, j) == value) {
            return false;
          }
        }
        arrays++;
      } else {
        complex++;
      }
      if (complex > 1 || complex == 1 && arrays > 0) {
        return false;
      }
    }
    return true;
  }
}
