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

  private final JobInput input;
  private final Submission<?, ?> submission;
  private final Runnable ready;
  private long started;

  /** The bytes of results that are to be decoded. */
  private long undecoded;

  private boolean heldBack;

  /**
   * Makes a view of an input.
   *
   * @param ready tells the engine to look again
   */
  PacedInput(JobInput input, Submission<?, ?> submission, Runnable ready) {
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
    started += slice == null ? 0 : slice.count();
    return slice;
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
