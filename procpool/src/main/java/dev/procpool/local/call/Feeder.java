package dev.procpool.local.call;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pulls a call's items from their source and encodes them, both of which run users' code and may
 * block; so each call has a thread for it, or, if it can't block, the caller's.
 */
public final class Feeder implements Runnable {

  private static final int KEPT_BYTES = 256 * 1024;

  private final LocalJob job;
  private final Codec codec;

  /** Why the task itself could not be encoded. */
  private final @Nullable CodecException taskFailure;

  private final HeapReserve reserve;

  public Feeder(
      LocalJob job, Codec codec, @Nullable CodecException taskFailure, HeapReserve reserve) {
    this.job = job;
    this.codec = codec;
    this.taskFailure = taskFailure;
    this.reserve = reserve;
  }

  @Override
  public void run() {
    SharedUses before = job.uses.enter();
    try {
      feed();
    } finally {
      SharedUses.leave(before);
    }
  }

  private void feed() {
    Submission<Object, Object> submission = job.submission;
    ByteOutput out = newOutput();
    long index = 0;
    try {
      for (; advance(submission); index++) {
        out.reset();
        out.putInt(0); // the length's place
        CodecException failure = taskFailure;
        String what = "the task";
        if (failure == null) {
          what = "the argument";
          failure = encode(submission.item(), out);
        }
        if (failure != null) {
          submission.settled(notSerializable(index, what, failure));
        } else {
          List<byte[]> bodies = out.takeBodies();
          if (!add(index, out, bodies)) {
            submission.settled(new Outcome.Cancelled<>(index, 0, Duration.ZERO, 0));
            break;
          }
          if (JobInput.isKept(out.size(), bodies) || out.array().length > KEPT_BYTES) {
            out = newOutput();
          }
        }
      }
    } catch (Throwable t) {
      abort(submission, t);
      throw t;
    } finally {
      job.input.end();
    }
  }

  /** Ends the call, once there is memory for that. */
  private void abort(Submission<Object, Object> submission, Throwable cause) {
    long begin = System.nanoTime();
    while (true) {
      try {
        submission.abort(cause);
        return;
      } catch (VirtualMachineError | LinkageError e) {
        if (!reserve.awaitMemory(begin)) {
          throw e;
        }
      }
    }
  }

  private ByteOutput newOutput() {
    return new ByteOutput(256, Long.MAX_VALUE).withBodies(!job.borrowsBodies);
  }

  /** Goes to the next item, through interrupts that are not meant to end the call. */
  private boolean advance(Submission<Object, Object> submission) {
    while (true) {
      try {
        boolean more = submission.advance();
        if (!submission.isImmediate() && !job.input.isClosed()) {
          Thread.interrupted(); // what the source did to our thread is not meant for its items
        }
        return more;
      } catch (InterruptedException e) {
        if (job.input.isClosed()) {
          return false; // the call was cancelled or the pool terminated
        } // else the source has left it, or somebody interrupts every thread of the process
      }
    }
  }

  /** Queues an item: false if it can't be, since the call has been stopped. */
  private boolean add(long index, ByteOutput item, List<byte[]> bodies) {
    while (true) {
      try {
        return job.input.add(index, item.array(), item.size(), bodies);
      } catch (InterruptedException e) {
        if (job.input.isClosed()) {
          return false;
        }
      }
    }
  }

  private @Nullable CodecException encode(@Nullable Object item, ByteOutput out) {
    try {
      codec.encode(item, out);
      return null;
    } catch (CodecException e) {
      return e;
    }
  }

  static Outcome<Object> notSerializable(long index, String what, CodecException cause) {
    return new Outcome.Failure<>(
        index,
        0,
        Duration.ZERO,
        0,
        new TaskSerializationException(
            "item " + index + ": " + what + " can't be serialized: " + cause.getMessage(),
            cause.thrown()));
  }
}
