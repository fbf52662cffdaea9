package dev.procpool.job;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The results to come of a {@code map} call.
 *
 * @param <R> the type of one value
 */
final class ListResult<R> extends CallResult<R, List<R>> implements MapResult<R> {

  /** Made once, by the first who asks; two threads may race to the same list. */
  private volatile List<R> values;

  ListResult(TableJob<?, R> job) {
    super(job);
  }

  @Override
  @SuppressWarnings("unchecked") // the array holds values of type R only and is never given out
  List<R> value() {
    List<R> list = values;
    if (list == null) {
      Object[] array = new Object[Math.toIntExact(job.size())];
      Arrays.setAll(array, job::value);
      list = (List<R>) Collections.unmodifiableList(Arrays.asList(array));
      values = list;
    }
    return list;
  }

  @Override
  public List<Outcome<R>> outcomes() throws InterruptedException {
    return job.outcomes();
  }

  @Override
  public List<Outcome<R>> outcomes(Duration timeout) throws InterruptedException {
    return job.outcomes(timeout);
  }

  @Override
  public MapResult<R> onOutcome(Consumer<? super Outcome<R>> callback) {
    job.onOutcome(Objects.requireNonNull(callback, "callback"));
    return this;
  }

  @Override
  public long completed() {
    return job.completedItems();
  }

  @Override
  public OptionalLong total() {
    return job.total();
  }

  @Override
  public MapResult<R> onSuccess(Consumer<? super List<R>> callback) {
    super.onSuccess(callback);
    return this;
  }

  @Override
  public MapResult<R> onFailure(Consumer<? super Throwable> callback) {
    super.onFailure(callback);
    return this;
  }
}
