package dev.procpool;

import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The waiting half of {@link Pool}'s calls that return values rather than results to come. */
final class Waiting {

  private Waiting() {}

  /** Waits for a result's value; an interrupted thread takes its tasks with it. */
  static <T extends @Nullable Object> T value(AsyncResult<T> result)
      throws ExecutionException, InterruptedException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(true);
      throw e;
    }
  }
}
