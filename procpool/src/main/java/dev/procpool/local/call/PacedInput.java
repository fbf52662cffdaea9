package dev.procpool.local.call;

import dev.procpool.scheduler.ItemQueue;
import dev.procpool.scheduler.Slice;
import dev.procpool.spi.Submission;
import org.jspecify.annotations.Nullable;

/**
 * A call's input, held back while its results take too much memory: those that wait to be decoded,
 * and those that wait for a slow consumer.
 *
 * <p>Owned by the engine's thread. Only items that were never started are held back. Those that are
 * to run again may be what the consumer waits for.
 */
public final class PacedInput implements ItemQueue {

  private final CallInput input;
  private final Submission<?, ?> submission;
  private final Runnable ready;
  private long started;

  /** The bytes of results that are to be decoded. */
  private long undecoded;

  private boolean heldBack;

  /** Who is told whether items are held back, for whatever reason. */
  private Submission.Waits waits = isHeld -> {};

  private boolean isHeld;

  /**
   * Makes a view of an input.
   *
   * @param ready tells the engine to look again
   */
  PacedInput(CallInput input, Submission<?, ?> submission, Runnable ready) {
    this.input = input;
    this.submission = submission;
    this.ready = ready;
  }

  public boolean hasUndecoded() {
    return undecoded > 0;
  }

  /** Notes a result that waits to be decoded. */
  public void arrived(long bytes) {
    undecoded += bytes;
  }

  /** Notes that one was decoded. */
  public void decoded(long bytes) {
    undecoded -= bytes;
  }

  /** Lets items be taken again after they might not for undecoded results: tells whether it did. */
  public boolean resume() {
    boolean may = heldBack && undecoded <= submission.undecodedBytes() / 2;
    heldBack &= !may;
    return may;
  }

  @Override
  public @Nullable Slice take(int max) {
    int most = max;
    if (!input.isClosed()) { // else they are taken to be cancelled
      heldBack = undecoded > submission.undecodedBytes();
      most = heldBack ? 0 : Math.min(max, submission.room(started, ready));
    }
    Slice slice = most > 0 ? input.take(most) : null;
    hold(most < max && (most <= 0 || (slice != null && slice.count() == most)));
    started += slice == null ? 0 : slice.count();
    return slice;
  }

  private void hold(boolean is) {
    boolean now = is && (input.ready() > 0 || !input.isEnded()); // else there is nothing to hold
    if (now != isHeld) {
      isHeld = now;
      waits.changed(now);
    }
  }

  /** Says who is told when items begin and cease to be held back. */
  public void tell(Submission.Waits whom) {
    waits = whom;
  }

  @Override
  public int ready() {
    return input.ready();
  }

  @Override
  public boolean isEnded() {
    return input.isEnded();
  }
}
