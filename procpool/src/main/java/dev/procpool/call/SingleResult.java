package dev.procpool.call;

/**
 * The result to come of an {@code apply} call.
 *
 * @param <R> the type of the value
 */
final class SingleResult<R> extends CallResult<R, R> {

  SingleResult(TableCall<?, R> call) {
    super(call);
  }

  @Override
  R value() {
    return call.value(0);
  }
}
