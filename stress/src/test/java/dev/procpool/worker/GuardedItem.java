package dev.procpool.worker;

import dev.procpool.LimitKind;
import dev.procpool.protocol.ItemRef;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An interrupt stays inside its item, and both sides agree whether there was one. */
public class GuardedItem {

  private GuardedItem() {}

  /** A task thread that notes an interrupt. Never started. */
  static final class Task extends Thread {

    private static final StackTraceElement[] NO_STACK = new StackTraceElement[0];

    volatile boolean interrupted;

    @Override
    public void interrupt() {
      interrupted = true;
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return NO_STACK;
    }
  }

  /** A guard, and the task thread's way with it. The first two items are of different chunks. */
  @State
  public static class Guarded {

    static final long FIRST = ItemRef.word(1, 0);
    static final long SECOND = ItemRef.word(2, 0);

    final Task task = new Task();
    final ItemGuard guard = new ItemGuard(task);
    volatile boolean isCancelDone;

    void begin(long word, boolean isFenced) {
      guard.begin(word);
      if (isFenced) {
        VarHandle.fullFence(); // the run page's
      }
      guard.begun(word);
    }
  }

  /**
   * An item with a time limit. The results: whether the item's end says that it was interrupted,
   * whether the watchdog says so, whether the interrupt had come at the item's end, and whether it
   * had in the end.
   */
  @JCStressTest
  @Outcome(
      id = {"false, false, false, false", "true, true, true, true"},
      expect = Expect.ACCEPTABLE,
      desc = "Both agree.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An interrupt hits the item after, or is not told.")
  public static class TimeOut {

    @Actor
    public void run(Guarded g, ZZZZ_Result r) {
      g.begin(Guarded.FIRST, true);
      r.r1 = g.guard.end(Guarded.FIRST, true) != null;
      r.r3 = g.task.interrupted;
    }

    @Actor
    public void watch(Guarded g, ZZZZ_Result r) {
      r.r2 = g.guard.timeOut(Guarded.FIRST, LimitKind.RUN_TIME);
    }

    @Arbiter
    public void finish(Guarded g, ZZZZ_Result r) {
      r.r4 = g.task.interrupted;
    }
  }

  /** The same, ended as one without a time limit: without a fence. */
  @JCStressTest
  @Outcome(
      id = {"false, false, false, false", "true, true, true, true"},
      expect = Expect.ACCEPTABLE,
      desc = "Both agree.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An interrupt hits the item after, or is not told.")
  public static class TimeOutWithoutFenceCanary {

    @Actor
    public void run(Guarded g, ZZZZ_Result r) {
      g.begin(Guarded.FIRST, true);
      r.r1 = g.guard.end(Guarded.FIRST, false) != null;
      r.r3 = g.task.interrupted;
    }

    @Actor
    public void watch(Guarded g, ZZZZ_Result r) {
      r.r2 = g.guard.timeOut(Guarded.FIRST, LimitKind.RUN_TIME);
    }

    @Arbiter
    public void finish(Guarded g, ZZZZ_Result r) {
      r.r4 = g.task.interrupted;
    }
  }

  /**
   * Two items without a time limit; the first is cancelled, perhaps too late. The results: whether
   * the second knows of an interrupt, whether the first does, whether it had come when the second
   * began, and whether it had in the end.
   */
  @JCStressTest
  @Outcome(
      id = {"false, false, false, false", "false, false, true, true", "false, true, true, true"},
      expect = Expect.ACCEPTABLE,
      desc = "The second item knows of nothing.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An interrupt hits the item after.")
  public static class CancelTooLate {

    @Actor
    public void run(Guarded g, ZZZZ_Result r) {
      g.begin(Guarded.FIRST, true);
      r.r2 = g.guard.end(Guarded.FIRST, false) != null;
      g.begin(Guarded.SECOND, true);
      r.r3 = g.task.interrupted;
      r.r1 = g.guard.isInterrupted() || g.guard.end(Guarded.SECOND, false) != null;
    }

    @Actor
    public void cancel(Guarded g) {
      g.guard.cancel(1);
    }

    @Arbiter
    public void finish(Guarded g, ZZZZ_Result r) {
      r.r4 = g.task.interrupted;
    }
  }

  /** The same without the fence at the beginning of the second. */
  @JCStressTest
  @Outcome(
      id = {"false, false, false, false", "false, false, true, true", "false, true, true, true"},
      expect = Expect.ACCEPTABLE,
      desc = "The second item knows of nothing.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An interrupt hits the item after.")
  public static class CancelWithoutFenceCanary {

    @Actor
    public void run(Guarded g, ZZZZ_Result r) {
      g.begin(Guarded.FIRST, true);
      r.r2 = g.guard.end(Guarded.FIRST, false) != null;
      g.begin(Guarded.SECOND, false);
      r.r3 = g.task.interrupted;
      r.r1 = g.guard.isInterrupted() || g.guard.end(Guarded.SECOND, false) != null;
    }

    @Actor
    public void cancel(Guarded g) {
      g.guard.cancel(1);
    }

    @Arbiter
    public void finish(Guarded g, ZZZZ_Result r) {
      r.r4 = g.task.interrupted;
    }
  }

  /**
   * An item that is about to begin when its call is cancelled is interrupted. The results: whether
   * it ran, whether its end says that it was interrupted.
   */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Runs on, though cancelled.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Interrupted, or over before.")
  public static class CancelAtTheBeginning {

    @Actor
    public void run(Guarded g, ZZ_Result r) {
      g.begin(Guarded.FIRST, true);
      while (!g.isCancelDone) {
        Thread.onSpinWait(); // the item runs on
      }
      r.r1 = true;
      r.r2 = g.guard.end(Guarded.FIRST, false) != null;
    }

    @Actor
    public void cancel(Guarded g) {
      g.guard.cancel(1);
      g.isCancelDone = true;
    }
  }

  /** A guard whose first item runs. */
  @State
  public static class Running extends Guarded {

    public Running() {
      begin(FIRST, true);
    }
  }

  /** Who waits for the end of an item is told: the first result; and the item ended: the second. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Told.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Waits for as long as may be.")
  public static class AwaitEnd {

    private static final long LONG_NANOS = 20_000_000_000L;

    @Actor
    public void run(Running g, ZZ_Result r) {
      g.guard.end(Guarded.FIRST, true);
      r.r2 = true;
    }

    @Actor
    public void watch(Running g, ZZ_Result r) {
      try {
        r.r1 = g.guard.awaitEnd(Guarded.FIRST, LONG_NANOS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
