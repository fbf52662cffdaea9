package dev.procpool.job;

/**
 * The result to come of an {@code apply} call.
 *
 * @param <R> the type of the value
 */
final class SingleResult<R> extends CallResult<R, R> {

  SingleResult(TableJob<?, R> job) {
    super(job);
  }

  @Override
  R value() {
    return job.value(0);
  }
}
