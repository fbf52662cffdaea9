package dev.procpool.sharing;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shared values that a call has sent to workers, with its task or its items: they are kept
 * until it has ended, whether or not the caller keeps or closes them. Thread-safe, guarded by
 * itself.
 *
 * <p>A handle is found when it is written, on the thread that encodes. There is nothing to do for
 * calls that send none.
 */
public final class SharedUses {

  /**
   * Whose values the current thread encodes; null again afterwards, as the thread may be the
   * user's. Not removed: the next call would have to make the entry anew.
   */
  private static final ThreadLocal<@Nullable SharedUses> ENCODING = new ThreadLocal<>();

  private final Consumer<String> holder;

  /** What this is a part of, which holds the values; null for none. */
  private final @Nullable SharedUses whole;

  private @Nullable Set<SharedHandle<?>> handles;
  private @Nullable Set<String> keys;
  private boolean ended;

  /**
   * Makes one without values.
   *
   * @param holder is told of each value's release by its key, perhaps long after this has ended;
   *     held weakly
   */
  public SharedUses(Consumer<String> holder) {
    this.holder = holder;
    this.whole = null;
  }

  private SharedUses(SharedUses whole) {
    this.holder = whole.holder;
    this.whole = whole;
  }

  /**
   * Begins a part of what is sent, such as one item: its values are held by this, and known by the
   * part. The part need not be ended.
   */
  public SharedUses part() {
    return new SharedUses(this);
  }

  /** The keys of a part's values, and of those that they refer to. */
  public synchronized Set<String> keys() {
    return keys == null ? Set.of() : Set.copyOf(keys);
  }

  /**
   * Takes the values that this thread writes from now on.
   *
   * @return to be given to {@link #leave}
   */
  public @Nullable SharedUses enter() {
    SharedUses before = ENCODING.get();
    ENCODING.set(this);
    return before;
  }

  /**
   * Ends what {@link #enter} began.
   *
   * @param before what that gave
   */
  public static void leave(@Nullable SharedUses before) {
    ENCODING.set(before);
  }

  /** A handle is written on this thread: false if it was closed. */
  static boolean written(SharedHandle<?> handle, SharedLife life) {
    SharedUses uses = ENCODING.get();
    if (uses == null) {
      return !life.isClosed();
    }
    SharedUses holding = uses.whole == null ? uses : uses.whole;
    boolean isOpen = holding.add(handle, life);
    if (isOpen && uses.whole != null) { // the whole is not asked for keys
      uses.note(life);
    }
    return isOpen;
  }

  private synchronized void note(SharedLife life) {
    if (keys == null) {
      keys = new HashSet<>();
    }
    keys.add(life.key());
    keys.addAll(life.needed());
  }

  private synchronized boolean add(SharedHandle<?> handle, SharedLife life) {
    if (ended) {
      return !life.isClosed(); // what is encoded now goes nowhere
    }
    if (handles == null) {
      handles = Collections.newSetFromMap(new IdentityHashMap<>());
    }
    if (handles.contains(handle)) {
      return true;
    }
    return life.beginUse(holder) && handles.add(handle);
  }

  /** Tells whether there are none. */
  public synchronized boolean isEmpty() {
    return handles == null;
  }

  /** Nothing that was sent needs its values any more. */
  public void end() {
    Set<SharedHandle<?>> all;
    synchronized (this) {
      ended = true;
      all = handles; // taken, not copied: there may be no memory
      handles = null;
    }
    if (all != null) {
      all.forEach(SharedHandle::endUse);
    }
  }
}
