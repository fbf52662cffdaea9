package dev.procpool.call;

import dev.procpool.guard.SafeText;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the consumer of a stream meets in the end. Not thread-safe: guarded by its call's lock. */
final class StreamEnd {

  /** What comes after the last result; null for an ordinary end. */
  private @Nullable Throwable terminal;

  /** Why the iteration was cut short, with what results there were; null if it was not. */
  private @Nullable CancellationException cut;

  /** Says what comes after the last result; null for an ordinary end. */
  void by(@Nullable Throwable error) {
    terminal = error;
  }

  /** Cuts the iteration short; the first reason counts. */
  void cut(CancellationException why) {
    cut = cut == null ? why : cut;
  }

  boolean isCut() {
    return cut != null;
  }

  /**
   * Tells whether a consumer who found no result has met it; throws if that is no ordinary end.
   *
   * @param isEnded whether no result comes any more
   */
  boolean isMet(boolean isEnded) {
    if (cut != null) {
      throw Completion.again(cut);
    }
    if (!isEnded || terminal == null) {
      return isEnded;
    }
    if (terminal instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (terminal instanceof Error error) {
      throw error;
    }
    throw new CompletionException(SafeText.of(terminal), terminal);
  }
}
