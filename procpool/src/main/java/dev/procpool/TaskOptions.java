package dev.procpool;

import dev.procpool.guard.SafeText;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a view of a pool makes its calls. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * Pool careful = pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(1)).chunkSize(10));
 * }</pre>
 *
 * @see Pool#with(TaskOptions)
 */
public final class TaskOptions {

  private static final TaskOptions DEFAULTS =
      new TaskOptions(0, Limits.NONE, null, 0, null, 0, Map.of());

  /** How long an item may run; null where there is no limit. One of the first two at most. */
  private record Limits(
      @Nullable Duration runTime,
      @Nullable Function<@Nullable Object, Duration> ofItem,
      @Nullable Duration stall,
      @Nullable Duration cpuTime) {
    static final Limits NONE = new Limits(null, null, null, null);

    /** Not by {@code equals}: that of a record takes a cold JVM 30 ms the first time. */
    boolean any() {
      return runTime != null || ofItem != null || stall != null || cpuTime != null;
    }
  }

  private final int chunkSize;
  private final Limits limits;
  private final @Nullable RetryPolicy retry;
  private final int lookAhead;
  private final @Nullable String label;
  private final int priority;
  private final Map<String, String> context;

  private TaskOptions(
      int chunkSize,
      Limits limits,
      @Nullable RetryPolicy retry,
      int lookAhead,
      @Nullable String label,
      int priority,
      Map<String, String> context) {
    this.chunkSize = chunkSize;
    this.limits = limits;
    this.retry = retry;
    this.lookAhead = lookAhead;
    this.label = label;
    this.priority = priority;
    this.context = context;
  }

  /**
   * Gives the defaults: chunks chosen automatically, no limits of time, no retry, look-ahead chosen
   * automatically, no label, priority 0, no context.
   *
   * @return the defaults
   */
  public static TaskOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets how many items are sent to a worker at a time. More cost less a task; fewer spread better.
   * Where items take next to nothing, several chunks go together. What a worker has not started
   * goes to another that is idle, whatever the size.
   *
   * @param items at least 1
   * @return changed options
   * @throws IllegalArgumentException if {@code items} is not positive
   */
  public TaskOptions chunkSize(int items) {
    return new TaskOptions(
        positive("chunkSize", items), limits, retry, lookAhead, label, priority, context);
  }

  /**
   * Sets how long one item may run. The clock starts when the item starts, whatever the chunk size.
   * An item that runs longer is interrupted and, after the pool's grace period, killed with its
   * worker. Time in which its process is stopped, as by Ctrl-Z or in a paused container, does not
   * count.
   *
   * @param limit more than zero
   * @return changed options
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  public TaskOptions timeout(Duration limit) {
    return with(new Limits(positive("timeout", limit), null, limits.stall(), limits.cpuTime()));
  }

  /**
   * Sets how long an item may run by what it is, in place of a limit that is the same for all. The
   * type of the items has to be said:
   *
   * <pre>{@code
   * TaskOptions.defaults().timeout((Path file) -> Duration.ofMillis(200 + file.toFile().length()))
   * }</pre>
   *
   * <p>The function is asked in this process, once for each item, when the item is taken from its
   * source, on the thread that takes it. Another attempt at the item has the same limit. It gets
   * what the task gets: the item; of {@code starmap} and its like, and of {@code apply} with two
   * and more arguments, the arguments together, such as {@link dev.procpool.function.Args2}; of
   * {@code apply} without arguments null; of a call that another JVM has encoded the bytes of the
   * item.
   *
   * <p>If the function throws, or gives null or what is not positive, the item fails with an {@link
   * IllegalArgumentException} that names it, and no other does. For no limit it gives a very long
   * one, such as {@code ChronoUnit.FOREVER.getDuration()}.
   *
   * @param <T> the type of the items
   * @param ofItem gives the limit of an item; more than zero
   * @return changed options
   * @since 0.2.0
   */
  @SuppressWarnings("unchecked") // where the items are others, the item fails and says so
  public <T extends @Nullable Object> TaskOptions timeout(Function<T, Duration> ofItem) {
    Objects.requireNonNull(ofItem, "ofItem");
    return with(
        new Limits(
            null, (Function<@Nullable Object, Duration>) ofItem, limits.stall(), limits.cpuTime()));
  }

  /**
   * Sets how long an item may run without a word of its progress. The task says it with {@link
   * WorkerContext#progress()}, or with its other form, or by {@link WorkerContext#publish}. The
   * clock starts when the item starts, and anew with each word. An item that says nothing for so
   * long is stopped as at its {@link #timeout(Duration) time limit}; both may be set.
   *
   * <pre>{@code
   * pool.with(TaskOptions.defaults().stallTimeout(Duration.ofSeconds(30))).map(Convert::all, files);
   * }</pre>
   *
   * @param limit more than zero
   * @return changed options
   * @throws IllegalArgumentException if {@code limit} is not positive
   * @since 0.2.0
   */
  public TaskOptions stallTimeout(Duration limit) {
    return with(
        new Limits(
            limits.runTime(), limits.ofItem(), positive("stallTimeout", limit), limits.cpuTime()));
  }

  /**
   * Sets how much processor time one item may take on the thread that runs it. A busy machine, a
   * container that gets little of its processors, or sleep use up none of it, so that no item is
   * blamed for them. Threads that the task starts don't count. An item that takes more is stopped
   * as at its {@link #timeout(Duration) time limit}, which may be set as well: it ends items that
   * wait for ever.
   *
   * <p>The worker measures this itself. Where tasks are not to be trusted, set a time limit, too.
   *
   * @param limit more than zero
   * @return changed options
   * @throws IllegalArgumentException if {@code limit} is not positive
   * @since 0.2.0
   */
  public TaskOptions cpuTimeout(Duration limit) {
    return with(
        new Limits(
            limits.runTime(), limits.ofItem(), limits.stall(), positive("cpuTimeout", limit)));
  }

  /**
   * Sets which items are tried again. Without a policy no item is ever started twice.
   *
   * @param policy the policy
   * @return changed options
   */
  public TaskOptions retry(RetryPolicy policy) {
    return new TaskOptions(
        chunkSize,
        limits,
        Objects.requireNonNull(policy, "policy"),
        lookAhead,
        label,
        priority,
        context);
  }

  /**
   * Sets how many items of an {@code imap} call may be anywhere between the source and the
   * consumer. Of items with large results fewer start, so that what waits for a slow consumer does
   * not fill the memory.
   *
   * @param items at least 1
   * @return changed options
   * @throws IllegalArgumentException if {@code items} is not positive
   */
  public TaskOptions lookAhead(int items) {
    return new TaskOptions(
        chunkSize, limits, retry, positive("lookAhead", items), label, priority, context);
  }

  /**
   * Sets a name for the calls, for messages.
   *
   * @param name the name
   * @return changed options
   */
  public TaskOptions label(String name) {
    return new TaskOptions(
        chunkSize,
        limits,
        retry,
        lookAhead,
        Objects.requireNonNull(name, "name"),
        priority,
        context);
  }

  /**
   * Sets the priority of the calls among those of the same pool. Items of calls with a higher one
   * go first: a short urgent call overtakes a long batch. Every tenth turn is that of a lower
   * priority, so that no call starves; calls of the same priority take turns. What workers hold of
   * a lower call and have not started makes way; an item that runs is not interrupted.
   *
   * <pre>{@code
   * pool.with(TaskOptions.defaults().priority(10)).apply(Report::render, request);
   * }</pre>
   *
   * @param level any number; 0 by default, higher goes first
   * @return changed options
   * @since 0.2.0
   */
  public TaskOptions priority(int level) {
    return new TaskOptions(chunkSize, limits, retry, lookAhead, label, level, context);
  }

  /**
   * Sets pairs that the calls take along, such as the number of a request: each item finds them in
   * {@link WorkerContext#context()}, and a call that a task or callback makes has them, too, where
   * it does not say otherwise. What carriers know, as the mapped diagnostic context of a logging
   * library, is taken along without this: see {@link dev.procpool.spi.ContextCarrier}.
   *
   * <pre>{@code
   * pool.with(TaskOptions.defaults().context(Map.of("request", id))).map(Report::render, pages);
   * }</pre>
   *
   * @param pairs names and values, in the place of those set before; copied
   * @return changed options
   * @throws NullPointerException if a name or value is null
   * @since 0.2.0
   */
  public TaskOptions context(Map<String, String> pairs) {
    Objects.requireNonNull(pairs, "pairs");
    pairs.forEach(
        (name, value) -> {
          Objects.requireNonNull(name, "a name in the context is null");
          Objects.requireNonNull(value, () -> "the value of '" + name + "' in the context is null");
        });
    return new TaskOptions(chunkSize, limits, retry, lookAhead, label, priority, Map.copyOf(pairs));
  }

  /**
   * Gives the number of items sent at a time.
   *
   * @return the number; empty if chosen automatically
   */
  public OptionalInt chunkSize() {
    return chunkSize == 0 ? OptionalInt.empty() : OptionalInt.of(chunkSize);
  }

  /**
   * Gives the time limit of an item.
   *
   * @return the limit; empty if there is none, or if it is {@linkplain #hasTimeoutByItem by item}
   */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(limits.runTime());
  }

  /**
   * Tells whether each item has a time limit of its own.
   *
   * @return whether {@link #timeoutOf} asks a function
   * @since 0.2.0
   */
  public boolean hasTimeoutByItem() {
    return limits.ofItem() != null;
  }

  /**
   * Gives the time limit of one item; for backends. Runs the user's code if there is a {@linkplain
   * #timeout(Function) limit by item}.
   *
   * @param item the item; may be null
   * @return its limit; empty if there is none
   * @throws IllegalArgumentException if the function throws, or gives null or what is not positive
   * @since 0.2.0
   */
  public Optional<Duration> timeoutOf(@Nullable Object item) {
    Function<@Nullable Object, Duration> ofItem = limits.ofItem();
    if (ofItem == null) {
      return timeout();
    }
    Duration limit;
    try {
      limit = ofItem.apply(item);
    } catch (Throwable e) { // users' code: it may throw whatever it likes
      throw new IllegalArgumentException("timeout(item -> …) threw " + SafeText.of(e), e);
    }
    if (limit == null || limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException(
          "timeout(item -> …) gave "
              + limit
              + ", which is no positive limit; for none give ChronoUnit.FOREVER.getDuration()");
    }
    return Optional.of(limit);
  }

  /**
   * Gives how long an item may run without a word of its progress.
   *
   * @return the limit; empty if there is none
   * @since 0.2.0
   */
  public Optional<Duration> stallTimeout() {
    return Optional.ofNullable(limits.stall());
  }

  /**
   * Gives how much processor time an item may take.
   *
   * @return the limit; empty if there is none
   * @since 0.2.0
   */
  public Optional<Duration> cpuTimeout() {
    return Optional.ofNullable(limits.cpuTime());
  }

  /**
   * Tells whether an item has any limit of time.
   *
   * @return whether {@link #timeout()}, {@link #stallTimeout()} or {@link #cpuTimeout()} has one
   * @since 0.2.0
   */
  public boolean isLimited() {
    return limits.any();
  }

  /**
   * Gives the retry policy.
   *
   * @return the policy; empty if there is none
   */
  public Optional<RetryPolicy> retry() {
    return Optional.ofNullable(retry);
  }

  /**
   * Gives the number of items between source and consumer.
   *
   * @return the number; empty if chosen automatically
   */
  public OptionalInt lookAhead() {
    return lookAhead == 0 ? OptionalInt.empty() : OptionalInt.of(lookAhead);
  }

  /**
   * Gives the calls' name.
   *
   * @return the name; empty if there is none
   */
  public Optional<String> label() {
    return Optional.ofNullable(label);
  }

  /**
   * Gives the calls' priority.
   *
   * @return the priority; 0 unless set
   * @since 0.2.0
   */
  public int priority() {
    return priority;
  }

  /**
   * Gives the pairs that the calls take along.
   *
   * @return the pairs; none unless set
   * @since 0.2.0
   */
  public Map<String, String> context() {
    return context;
  }

  private TaskOptions with(Limits changed) {
    return new TaskOptions(chunkSize, changed, retry, lookAhead, label, priority, context);
  }

  private static Duration positive(String option, Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException(option + " must be positive, was " + limit);
    }
    return limit;
  }

  private static int positive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was " + value);
    }
    return value;
  }

  @Override
  public String toString() {
    return "TaskOptions[chunkSize="
        + (chunkSize == 0 ? "auto" : chunkSize)
        + ", timeout="
        + (hasTimeoutByItem() ? "by item" : limits.runTime())
        + (limits.stall() == null ? "" : ", stallTimeout=" + limits.stall())
        + (limits.cpuTime() == null ? "" : ", cpuTimeout=" + limits.cpuTime())
        + ", retry="
        + retry
        + ", lookAhead="
        + (lookAhead == 0 ? "auto" : lookAhead)
        + ", label="
        + label
        + ", priority="
        + priority
        + ", context="
        + context.keySet()
        + "]";
  }
}
