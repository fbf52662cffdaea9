package dev.procpool.local.engine;

import dev.procpool.channel.WaitStrategy;
import java.io.IOException;
import java.nio.channels.Selector;
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

  private static final int LOOKS_BETWEEN_CLOCKS = 16;

  private final WaitStrategy strategy;
  private final HeapReserve reserve = new HeapReserve();
  private final Selection selection = new Selection(reserve);

  /** Held by whoever owns the pool's state. */
  private final ReentrantLock turn = new ReentrantLock();

  /** How many threads would like to have the turn. */
  private final AtomicInteger helpers = new AtomicInteger();

  private volatile @Nullable Driver started;

  // ---- owned by whoever has the turn

  private final NextRound next = new NextRound();
  private final Mailbox mailbox = new Mailbox(this, next);

  /** Whether the engine's thread was woken and has not had its turn since. */
  private boolean woken;

  /** What went wrong on another thread; ends the engine. Written by any thread. */
  private volatile @Nullable Throwable foreignError;

  /** What went wrong in a helper's turn; ends the engine. */
  private @Nullable Throwable helperError;

  /** Set before the thread looks at the mailbox for the last time before it waits. */
  private volatile boolean waiting;

  private volatile boolean stopped;

  /**
   * Makes an engine, still without a selector: the first of a JVM takes long to be made.
   *
   * @param spinNanos how long to look for more to do before sleeping
   */
  public Engine(long spinNanos) {
    this.strategy = WaitStrategy.keeping(spinNanos);
  }

  /** Gives it what it waits for channels with; it closes that at its end. Before it starts. */
  public void open(Selector made) {
    selection.open(made);
  }

  public void start(String name, Driver driver) {
    started = driver;
    Thread thread = new Thread(null, () -> run(driver), name, 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  public Selector selector() {
    return selection.selector();
  }

  /** The time by which deadlines are counted: it stands still while this process does. */
  public long now() {
    return next.now();
  }

  /** {@link System#nanoTime()}, looked up once for what is done together. */
  public long nanoTime() {
    return next.nanoTime();
  }

  /** Has something done on the engine's thread; does nothing once that has ended. */
  @Override
  public void execute(Runnable event) {
    if (stopped) {
      return;
    }
    mailbox.post(event);
    if (waiting) {
      waiting = false;
      selection.wake();
    }
  }

  /** Ends the engine, since what it would have been told is lost; from any thread. */
  public void giveUp(Throwable cause) {
    foreignError = cause;
    selection.wake();
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
    mailbox.handle();
    selection.close();
  }

  private void run(Driver driver) {
    @Nullable Throwable error = null;
    lockTurn();
    try {
      next.begin();
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
      selection.close();
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
      isLast |= !done && !reserve.awaitMemoryQuietly(begin);
    }
  }

  private void turn(Driver driver) throws IOException {
    boolean busy = step(driver);
    boolean isDone = driver.isDone();
    if (!isDone && !busy) {
      await(driver);
    } else if (!isDone && selection.isOld()) {
      select(driver, 0);
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

  /** Does what there is to do now: tells whether there was anything. */
  private boolean step(Driver driver) {
    next.stepBegins();
    try {
      boolean busy = driver.poll(); // first: it sees to failed accesses of shared memory
      busy |= mailbox.handle();
      next.looksAgain();
      next.at(driver.round(next.now()));
      return busy;
    } finally {
      next.stepEnds();
    }
  }

  private boolean hasWork(Driver driver) {
    return !mailbox.isEmpty() || driver.hasInput();
  }

  private void await(Driver driver) throws IOException {
    if (strategy.spin(() -> hasWork(driver) || helpers.get() > 0) && hasWork(driver)) {
      return;
    }
    reserve.restore();
    long millis = announceSleep(driver) ? next.millis() : 0;
    next.sleeps();
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
      selection.look();
    } else {
      turn.unlock();
      try {
        selection.sleep(millis);
      } finally {
        lockTurn();
      }
      woken = false;
    }
    waiting = false;
    selection.handle(driver);
  }

  // ------------------------------------------------------------------ helping

  /** Does the same as {@link #execute}; in this thread, at once, if the engine's own sleeps. */
  public void executeHere(Runnable event) {
    Driver driver = takeTurn();
    if (driver == null) {
      execute(event);
    } else {
      mailbox.post(event);
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
   * @param event what is done first, in the same turn if that can be: in two, workers would be told
   *     in between to wake the engine's thread; null for nothing
   * @param done tells whether it has happened
   * @param nanos the longest time to help, from the first look at the clock
   */
  public void help(@Nullable Runnable event, BooleanSupplier done, long nanos) {
    Help help = new Help(done, nanos);
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
              mailbox.post(first);
            }
            work(driver, help);
          } finally {
            leave(driver);
          }
        }
        first = null;
      } while (!help.isDone() && !isOver(help));
    } finally {
      helpers.decrementAndGet();
    }
  }

  private boolean isOver(Help help) {
    return help.isTimeUp() || stopped || Thread.currentThread().isInterrupted();
  }

  private void work(Driver driver, Help help) {
    int looks = 0;
    while (!help.isDone() && !turn.hasQueuedThreads()) { // channels need the engine itself
      boolean isDue = false;
      if (++looks == LOOKS_BETWEEN_CLOCKS) {
        looks = 0;
        if (isOver(help)) {
          return;
        }
        isDue = next.isDue();
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
      failed(driver, t);
    }
  }

  /** Notes what went wrong in a helper's turn, unless the engine goes on. */
  private void failed(Driver driver, Throwable error) {
    try {
      if (error instanceof InternalError e && driver.survives(e)) {
        return;
      }
    } catch (Throwable t) {
      // the first counts
    }
    helperError = error;
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
      next.restIfNever();
      boolean later = next.isAfterWake();
      asleep = helperError == null && !driver.isDone() && announceSleep(driver) && later;
    } catch (Throwable t) {
      failed(driver, t);
    }
    if (!asleep && !woken) {
      woken = true;
      selection.wake();
    }
    turn.unlock();
  }
}
