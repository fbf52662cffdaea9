package dev.procpool.local.call;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call for tests of single parts: it has the items that it is given, and keeps its reports. */
public final class CallFixture implements Submission<Object, Object> {

  public final List<Outcome<Object>> outcomes = new ArrayList<>();

  /** The values that came, by the item's index. */
  public final Map<Long, Object> values = new HashMap<>();

  public @Nullable Throwable abortedBy;

  /** How many more items may start; a test's. */
  public int room = Integer.MAX_VALUE;

  /** How many bytes of results may wait to be decoded; a test's. */
  public long undecodedBytes = Long.MAX_VALUE;

  /** The options of the call; a test's, before it is {@linkplain #local made}. */
  public TaskOptions options = TaskOptions.defaults();

  /** Whether it has one item, and says so; a test's, before it is {@linkplain #local made}. */
  public boolean isImmediate;

  private final Iterator<?> items;
  private @Nullable Object item;

  public CallFixture(Iterator<?> items) {
    this.items = items;
  }

  /** The local backend's side of it. */
  public LocalCall local(CallInput input) {
    return local(1, input);
  }

  /** The same, of a call with a number of its own. */
  public LocalCall local(long id, CallInput input) {
    EncodedCall encoded =
        new EncodedCall(
            new byte[0], new byte[0], true, CallFixture.class.getClassLoader(), null, null);
    SharedUses uses = new SharedUses(key -> {});
    return new LocalCall(id, this, encoded, 0, uses, input, () -> {}, Runnable::run, true);
  }

  @Override
  public long number() {
    return 1;
  }

  @Override
  public Task1<Object, Object> task() {
    return x -> x;
  }

  @Override
  public TaskOptions options() {
    return options;
  }

  @Override
  public boolean isImmediate() {
    return isImmediate;
  }

  @Override
  public boolean advance() {
    boolean more = items.hasNext();
    item = more ? items.next() : null;
    return more;
  }

  @Override
  public Object item() {
    return item;
  }

  @Override
  public int room(long started, Runnable more) {
    return room;
  }

  @Override
  public long undecodedBytes() {
    return undecodedBytes;
  }

  @Override
  public void succeeded(long index, Object value, int attempts, long nanos, WorkerName worker) {
    if (values.containsKey(index)) {
      throw new AssertionError("item " + index + " has two values");
    }
    values.put(index, value);
  }

  @Override
  public void settled(Outcome<Object> outcome) {
    outcomes.add(outcome);
  }

  @Override
  public void abort(Throwable cause) {
    abortedBy = cause;
  }

  @Override
  public boolean isEnded() {
    return abortedBy != null;
  }
}
