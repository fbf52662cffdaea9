package dev.procpool.context;

import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.spi.ContextCarrier;
import dev.procpool.spi.EncodedTask;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call takes along: the pairs that its options say, over those of the item or callback that
 * makes the call, and what carriers have captured. Thread-safe.
 */
public final class CallContext implements Serializable {

  private static final long serialVersionUID = 1L;

  /** That of the item or callback that a thread runs. */
  private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

  /** Maps that any process can read. */
  private final HashMap<String, String> pairs;

  private final HashMap<String, Map<String, String>> carried;

  /** The classes of the carriers, for workers that have none of it. */
  private final String[] carriers;

  /** The same, found with the loader of the last item. Who does not see it looks once more. */
  private transient FetchedCarriers.@Nullable Found found;

  private CallContext(Map<String, String> pairs, Map<String, Map<String, String>> carried) {
    this.pairs = new HashMap<>(pairs);
    this.carried = new HashMap<>(carried);
    this.carriers = Carriers.classesOf(carried);
  }

  /**
   * Gives a task that runs as the current thread would have run it.
   *
   * @param task the task of a call that this thread makes
   * @param said what the call's options say
   * @return the task itself if there is nothing to take along, or another JVM has seen to that
   */
  public static <A extends @Nullable Object, R extends @Nullable Object>
      Task1<? super A, ? extends R> carry(
          Task1<? super A, ? extends R> task, Map<String, String> said) {
    if (task instanceof EncodedTask) {
      return task;
    }
    CallContext outer = CURRENT.get();
    Map<String, Map<String, String>> carried = Carriers.capture();
    if (outer == null && said.isEmpty() && carried.isEmpty()) {
      return task;
    }
    Map<String, String> pairs = new HashMap<>(outer == null ? Map.of() : outer.pairs);
    pairs.putAll(said);
    return pairs.isEmpty() && carried.isEmpty()
        ? task
        : new ContextTask<>(new CallContext(pairs, carried), task);
  }

  /** The context that a task was given; null if it has none. */
  public static @Nullable CallContext of(Task1<?, ?> task) {
    return task instanceof ContextTask<?, ?> carrying ? carrying.context() : null;
  }

  /** What the carriers have captured of who made a call of this task, by their names. */
  public static Map<String, Map<String, String>> carriedBy(Task1<?, ?> task) {
    CallContext known = of(task);
    return known == null ? Map.of() : Collections.unmodifiableMap(known.carried);
  }

  /** Runs something that belongs to the call, such as a callback of its result. */
  public void run(Runnable body) {
    CallContext outer = CURRENT.get();
    CURRENT.set(this);
    List<ContextCarrier.Scope> scopes = Carriers.restore(carried, List.of());
    try {
      body.run();
    } finally {
      end(outer, scopes);
    }
  }

  <A extends @Nullable Object, R extends @Nullable Object> R call(
      Task1<? super A, ? extends R> task, A item) throws Exception {
    CallContext outer = CURRENT.get();
    CURRENT.set(this);
    FetchedCarriers.Found fetched = FetchedCarriers.of(carriers, found);
    found = fetched;
    List<ContextCarrier.Scope> scopes = Carriers.restore(carried, fetched.all());
    try {
      return WorkerContext.callWith(Collections.unmodifiableMap(pairs), () -> task.call(item));
    } finally {
      end(outer, scopes);
    }
  }

  private static void end(@Nullable CallContext outer, List<ContextCarrier.Scope> scopes) {
    Carriers.close(scopes);
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
