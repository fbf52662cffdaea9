package dev.procpool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An item of a call, and how it fared.
 *
 * <p>Immutable. The item is the caller's own object, not a copy of it.
 *
 * @param item the item; may be null
 * @param outcome its outcome; never {@link Outcome.Pending}
 * @param <A> the type of the item
 * @param <R> the type of the result
 * @see Pool#imapOutcomes(dev.procpool.function.Task1, Iterable)
 * @since 0.2.0
 */
public record ItemOutcome<A extends @Nullable Object, R extends @Nullable Object>(
    A item, Outcome<R> outcome) {

  /** Checks that there is an outcome. */
  public ItemOutcome {
    Objects.requireNonNull(outcome, "outcome");
  }
}
