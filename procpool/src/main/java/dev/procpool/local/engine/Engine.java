package dev.procpool.local.engine;

import dev.procpool.channel.WaitStrategy;
import dev.procpool.process.ThreadDelay;
import dev.procpool.time.AwakeClock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pool's one thread that owns all of its state: it takes events from a mailbox and frames from
 * the workers' channels, and never waits for anything but those and the next deadline.
 *
 * <p>{@link #execute}, {@link #executeHere} and {@link #help} may be called from any thread, the
 * rest belongs to the engine's own.
 *
 * <p>Helping: a caller who waits for a result anyway may take the engine's turn meanwhile, where
 * that was asked for. It spares two wake-ups, each of which takes longer than a small task. The
 * turn is a lock that the engine's thread holds but while it sleeps; whoever holds it owns the
 * state. A helper leaves things as it found them: the workers told to ring, and the engine asleep
 * until they do or until the next deadline.
 */
public final class Engine implements Executor {

  /** What the thread does in each round and at its end. */
  public interface Driver {

    /** Handles a channel that can be read or written, or a socket that can be accepted. */
    void ready(SelectionKey key);

    /** Takes in what is there without a channel's being ready: tells whether there was anything. */
    boolean poll();

    /** Tells whether {@link #poll} would find something. */
    boolean hasInput();

    /** Has channels become ready when there is something to poll: false if there is now. */
    boolean sleep();

    /** Ends what {@link #sleep} began. */
    void awake();

    /**
     * Tells whether an access to shared memory has failed since one worker has taken that away, and
     * was dealt with: then the engine goes on.
     */
    boolean survives(InternalError error);

    /**
     * Does what is due, before each wait.
     *
     * @return when to be called again at the latest; {@code Long.MAX_VALUE} for no time
     */
    long round(long now);

    /** Tells whether the thread may end. */
    boolean isDone();

    /**
     * Is told what the thread died of, before {@link Engine#isStopped} says that it has ended;
     * again if it throws.
     */
    void died(Throwable error);

    /**
     * Is called when the thread ends, again if there was no memory for what is to be done then.
     *
     * @param isLast whether it is not called again
     * @return whether all is done
     */
    boolean ended(boolean isLast);
  }

  /** How often channels are looked at while there is always something to do. */
  private static final long SELECT_NANOS = 50_000;

  private static final int LOOKS_BETWEEN_CLOCKS = 16;

  /** How far apart looks at the clock are at most while there is a next deadline. */
  private static final long SLICE_NANOS = 250_000_000;

  private final WaitStrategy strategy;
  private volatile @Nullable Selector selector;
  private final HeapReserve reserve = new HeapReserve();
  private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();

  /** Held by whoever owns the pool's state. */
  private final ReentrantLock turn = new ReentrantLock();

  /** How many threads would like to have the turn. */
  private final AtomicInteger helpers = new AtomicInteger();

  private volatile @Nullable Driver started;

  // ---- owned by whoever has the turn

  private final AwakeClock clock = new AwakeClock(SLICE_NANOS, this::delayNanos);

  /** How long the engine's thread waited for a processor. */
  private @Nullable ThreadDelay delay;

  /** When the next round is due. */
  private long due = Long.MAX_VALUE;

  /** When the engine's thread wakes by itself. */
  private long wakesAt = Long.MAX_VALUE;

  /** Whether the engine's thread was woken and has not had its turn since. */
  private boolean woken;

  /** What went wrong on another thread; ends the engine. Written by any thread. */
  private volatile @Nullable Throwable foreignError;

  /** What went wrong in a helper's turn; ends the engine. */
  private @Nullable Throwable helperError;

  /** Set before the thread looks at the mailbox for the last time before it waits. */
  private volatile boolean waiting;

  private volatile boolean stopped;

  /** When channels were looked at last. */
  private long selectedAt;

  /**
   * Makes an engine. Without a selector: the first one of a JVM takes long to be made, and events
   * can be taken before.
   *
   * @param spinNanos how long to look for more to do before sleeping
   */
  public Engine(long spinNanos) {
    this.strategy = WaitStrategy.keeping(spinNanos);
  }

  /** Gives it what it waits for channels with; it closes that at its end. Before it starts. */
  public void open(Selector made) {
    selector = made;
  }

  public void start(String name, Driver driver) {
    started = driver;
    Thread thread = new Thread(null, () -> run(driver), name, 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  public Selector selector() {
    return Objects.requireNonNull(selector, "it is not open");
  }

  /**
   * The time, for who owns the pool's state: deadlines are counted by it, and it stands still while
   * this process does.
   */
  public long now() {
    return clock.now();
  }

  private long delayNanos() {
    return delay == null ? 0 : delay.nanos();
  }

  /** Has something done on the engine's thread; does nothing once that has ended. */
  @Override
  public void execute(Runnable event) {
    if (stopped) {
      return;
    }
    post(event);
    if (waiting) {
      waiting = false;
      selector().wakeup();
    }
  }

  /** Adds to the mailbox, once there is memory for it: who waits for an event must not in vain. */
  private void post(Runnable event) {
    long begin = 0;
    while (true) {
      try {
        mailbox.add(event);
        return;
      } catch (VirtualMachineError | LinkageError e) {
        begin = begin == 0 ? System.nanoTime() : begin;
        if (!waits(begin)) {
          giveUp(e);
          return;
        }
      }
    }
  }

  /** Ends the engine, since what it would have been told is lost; from any thread. */
  public void giveUp(Throwable cause) {
    foreignError = cause;
    Selector sleepsIn = selector;
    if (sleepsIn != null) {
      sleepsIn.wakeup();
    }
  }

  /** What is kept for the time when there is no memory. */
  public HeapReserve reserve() {
    return reserve;
  }

  /** Tells whether the thread has ended or is about to: what is executed now may be lost. */
  public boolean isStopped() {
    return stopped;
  }

  /** Ends what was not started, in the thread that owns it. What was posted meanwhile is done. */
  public void abandon() {
    stopped = true;
    handleMail();
    close();
  }

  private void run(Driver driver) {
    @Nullable Throwable error = null;
    lockTurn();
    try {
      delay = ThreadDelay.ofThisThread();
      clock.rest();
      while (!driver.isDone() && helperError == null && foreignError == null) {
        try {
          turn(driver);
        } catch (InternalError e) {
          if (!driver.survives(e)) {
            throw e;
          }
        }
      }
      error = helperError == null ? foreignError : helperError;
    } catch (Throwable t) { // a fault of ours, told loudly: everything that waits is failed with it
      error = t;
    }
    if (!turn.isHeldByCurrentThread()) {
      lockTurn(); // its wait has failed
    }
    try {
      end(driver, error);
    } finally {
      stopped = true;
      turn.unlock();
      close();
    }
  }

  /**
   * Ends all that hangs on the engine, as soon as there is memory for it. Where there is none, even
   * a call of a method that was not called before fails; so nothing but flags is set where that is
   * caught.
   */
  private void end(Driver driver, @Nullable Throwable error) {
    long begin = System.nanoTime();
    Throwable untold = error;
    boolean isLast = false;
    boolean done = false;
    while (!done) {
      done = isLast;
      try {
        if (untold != null) {
          driver.died(untold);
        }
        untold = null;
        stopped = true;
        done |= driver.ended(isLast);
      } catch (OutOfMemoryError e) {
        // with the next attempt, then
      } catch (Throwable e) { // a class that can't be loaded any more, say
        untold = null; // the rest matters more
      }
      isLast |= !done && !waits(begin);
    }
  }

  /** Waits a moment for memory: false if that took too long. */
  private boolean waits(long begin) {
    try {
      return reserve.awaitMemory(begin);
    } catch (VirtualMachineError | LinkageError e) {
      return true; // it was not awaited
    }
  }

  private void turn(Driver driver) throws IOException {
    boolean busy = step(driver);
    if (driver.isDone()) {
      return;
    } else if (!busy) {
      await(driver);
    } else if (System.nanoTime() - selectedAt > SELECT_NANOS) {
      select(driver, 0);
    }
  }

  private void selectNow() throws IOException {
    try {
      selector().selectNow();
    } catch (OutOfMemoryError e) {
      reserve.release(); // as where it waits
    }
  }

  /** Waits for the turn; which takes memory if another thread has it. */
  private void lockTurn() {
    while (true) {
      try {
        turn.lock();
        return;
      } catch (OutOfMemoryError e) {
        // each attempt collects garbage first; without the turn there is nothing else to do
      }
    }
  }

  private void close() {
    Selector left = selector;
    long begin = System.nanoTime();
    boolean again = true;
    while (left != null && again) {
      try {
        left.close();
        again = false;
      } catch (VirtualMachineError | LinkageError e) {
        again = waits(begin);
      } catch (IOException e) {
        again = false; // nothing depends on it any more
      }
    }
  }

  /** Does what there is to do now: tells whether there was anything. */
  private boolean step(Driver driver) {
    boolean busy = driver.poll(); // first: it sees to accesses of shared memory that have failed
    busy |= handleMail();
    due = driver.round(clock.now());
    return busy;
  }

  private boolean handleMail() {
    boolean some = false;
    for (Runnable event = mailbox.poll(); event != null; event = mailbox.poll()) {
      event.run();
      some = true;
    }
    return some;
  }

  private boolean hasWork(Driver driver) {
    return !mailbox.isEmpty() || driver.hasInput();
  }

  private void await(Driver driver) throws IOException {
    if (strategy.spin(() -> hasWork(driver) || helpers.get() > 0) && hasWork(driver)) {
      return;
    }
    reserve.restore();
    long millis = Long.MAX_VALUE;
    if (!announceSleep(driver)) {
      millis = 0;
    } else if (due != Long.MAX_VALUE) {
      millis = Math.max(0, (clock.slice(due) + 999_999) / 1_000_000);
    }
    if (due == Long.MAX_VALUE) {
      clock.rest();
    }
    wakesAt = due;
    select(driver, millis);
    driver.awake();
  }

  /** Has whoever brings something wake the engine's thread: false if something is there now. */
  private boolean announceSleep(Driver driver) {
    waiting = true;
    return driver.sleep() && mailbox.isEmpty();
  }

  /** Handles the channels that are ready, or will be in so many milliseconds. */
  private void select(Driver driver, long millis) throws IOException {
    if (millis == 0) {
      selectNow();
    } else {
      turn.unlock();
      try {
        selector().select(millis == Long.MAX_VALUE ? 0 : millis);
      } catch (OutOfMemoryError e) {
        reserve.release(); // and another look; what is ready is so then as well
      } finally {
        lockTurn();
      }
      woken = false;
    }
    waiting = false;
    Thread.interrupted(); // a stranger's: it would end each wait from now on at once
    selectedAt = System.nanoTime();
    Iterator<SelectionKey> keys = selector().selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isValid()) {
        driver.ready(key);
      }
    }
  }

  // ------------------------------------------------------------------ helping

  /** Does the same as {@link #execute}; in this thread, at once, if the engine's own sleeps. */
  public void executeHere(Runnable event) {
    Driver driver = takeTurn();
    if (driver == null) {
      execute(event);
    } else {
      post(event);
      try {
        tryStep(driver); // once: what more there is may be others', without end
      } finally {
        leave(driver);
      }
    }
  }

  /**
   * Does the engine's work in its place until something has happened, for a while at most.
   *
   * @param done tells whether it has
   * @param nanos the longest time to help
   */
  public void help(BooleanSupplier done, long nanos) {
    help(null, done, nanos);
  }

  /**
   * Does the same as {@link #executeHere} and then as {@link #help}, in one turn where that can be:
   * in two, workers would be told in between to wake the engine's thread.
   */
  public void executeAndHelp(Runnable event, BooleanSupplier done, long nanos) {
    help(event, done, nanos);
  }

  private void help(@Nullable Runnable event, BooleanSupplier done, long nanos) {
    long end = System.nanoTime() + nanos;
    Runnable first = event;
    helpers.incrementAndGet();
    try {
      do {
        Driver driver = takeTurn();
        if (driver == null) {
          if (first != null) {
            execute(first);
          }
          Thread.onSpinWait();
        } else {
          try {
            if (first != null) {
              post(first);
            }
            work(driver, done, end);
          } finally {
            leave(driver);
          }
        }
        first = null;
      } while (!done.getAsBoolean() && !isOver(System.nanoTime(), end));
    } finally {
      helpers.decrementAndGet();
    }
  }

  private boolean isOver(long now, long end) {
    return now - end >= 0 || stopped || Thread.currentThread().isInterrupted();
  }

  private void work(Driver driver, BooleanSupplier done, long end) {
    int looks = 0;
    while (!done.getAsBoolean() && !turn.hasQueuedThreads()) { // channels need the engine itself
      boolean isDue = false;
      if (++looks == LOOKS_BETWEEN_CLOCKS) {
        looks = 0;
        if (isOver(System.nanoTime(), end)) {
          return;
        }
        isDue = due - clock.now() <= 0;
      }
      if (isDue || hasWork(driver)) {
        tryStep(driver);
      } else {
        Thread.onSpinWait();
      }
      if (helperError != null || driver.isDone()) {
        return;
      }
    }
  }

  private void tryStep(Driver driver) {
    try {
      step(driver);
    } catch (Throwable t) { // the caller's stack may be used up: whatever it is, the pool is broken
      if (!(t instanceof InternalError e) || !survives(driver, e)) {
        helperError = t;
      }
    }
  }

  private boolean survives(Driver driver, InternalError error) {
    try {
      return driver.survives(error);
    } catch (Throwable t) {
      helperError = t;
      return false;
    }
  }

  /** Takes the turn, if nobody has it. */
  private @Nullable Driver takeTurn() {
    Driver driver = started;
    if (driver == null || stopped || turn.isHeldByCurrentThread() || !turn.tryLock()) {
      return null;
    }
    if (stopped || helperError != null || driver.isDone()) {
      turn.unlock();
      return null;
    }
    waiting = false;
    try {
      driver.awake();
    } catch (Throwable t) { // the turn must not be kept
      helperError = t;
      leave(driver);
      return null;
    }
    return driver;
  }

  /** Gives the turn back. */
  private void leave(Driver driver) {
    boolean asleep = false;
    try {
      if (due == Long.MAX_VALUE) {
        clock.rest();
      }
      boolean later = due == Long.MAX_VALUE || (wakesAt != Long.MAX_VALUE && due - wakesAt >= 0);
      asleep = helperError == null && !driver.isDone() && announceSleep(driver) && later;
    } catch (Throwable t) {
      if (!(t instanceof InternalError e) || !survives(driver, e)) {
        helperError = t;
      }
    }
    if (!asleep && !woken) {
      woken = true;
      selector().wakeup();
    }
    turn.unlock();
  }
}
