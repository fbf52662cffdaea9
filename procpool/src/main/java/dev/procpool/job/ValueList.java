package dev.procpool.job;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The values of a job that has succeeded, read from its table as they are asked for. Immutable;
 * serialized as a list of its own.
 *
 * @param <R> the type of the values
 */
final class ValueList<R> extends AbstractList<R> implements RandomAccess, Serializable {

  private static final long serialVersionUID = 1L;

  private final transient TableJob<?, R> job;
  private final transient int size;

  ValueList(TableJob<?, R> job) {
    this.job = job;
    this.size = Math.toIntExact(job.size());
  }

  @Override
  public R get(int index) {
    return job.value(Objects.checkIndex(index, size));
  }

  @Override
  public int size() {
    return size;
  }

  private Object writeReplace() {
    return Collections.unmodifiableList(new ArrayList<>(this));
  }
}
