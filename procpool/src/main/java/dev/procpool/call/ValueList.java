package dev.procpool.call;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The values of a call that has succeeded, read from its table as they are asked for. Immutable;
 * serialized as a list of its own.
 *
 * @param <R> the type of the values
 */
final class ValueList<R> extends AbstractList<R> implements RandomAccess, Serializable {

  private static final long serialVersionUID = 1L;

  private final transient TableCall<?, R> call;
  private final transient int size;

  ValueList(TableCall<?, R> call) {
    this.call = call;
    this.size = Math.toIntExact(call.size());
  }

  @Override
  public R get(int index) {
    return call.value(Objects.checkIndex(index, size));
  }

  @Override
  public int size() {
    return size;
  }

  private Object writeReplace() {
    return Collections.unmodifiableList(new ArrayList<>(this));
  }
}
