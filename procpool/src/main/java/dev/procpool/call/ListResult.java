package dev.procpool.call;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import java.time.Duration;
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

  ListResult(TableCall<?, R> call) {
    super(call);
  }

  @Override
  List<R> value() {
    return new ValueList<>(call);
  }

  @Override
  public List<Outcome<R>> outcomes() throws InterruptedException {
    return call.outcomes();
  }

  @Override
  public List<Outcome<R>> outcomes(Duration timeout) throws InterruptedException {
    return call.outcomes(timeout);
  }

  @Override
  public MapResult<R> onOutcome(Consumer<? super Outcome<R>> callback) {
    call.onOutcome(Objects.requireNonNull(callback, "callback"));
    return this;
  }

  @Override
  public long completed() {
    return call.completedItems();
  }

  @Override
  public OptionalLong total() {
    return call.total();
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
