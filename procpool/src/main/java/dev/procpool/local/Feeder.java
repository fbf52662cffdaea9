package dev.procpool.local;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.spi.Submission;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Pulls a call's items from their source and encodes them, both of which run users' code and may
 * block; so each call has a thread for it, or, if it can't block, the caller's.
 */
final class Feeder implements Runnable {

  private static final int KEPT_BYTES = 256 * 1024;

  private final LocalJob job;
  private final Codec codec;

  /** Why the task itself could not be encoded. */
  private final @Nullable CodecException taskFailure;

  Feeder(LocalJob job, Codec codec, @Nullable CodecException taskFailure) {
    this.job = job;
    this.codec = codec;
    this.taskFailure = taskFailure;
  }

  @Override
  public void run() {
    Submission<Object, Object> submission = job.submission;
    ByteOutput out = new ByteOutput(256, Long.MAX_VALUE);
    long index = 0;
    boolean pulled = false;
    try {
      for (; submission.advance(); index++) {
        pulled = true;
        out.reset();
        CodecException failure = taskFailure;
        String what = "the task";
        if (failure == null) {
          what = "the argument";
          failure = encode(submission.item(), out);
        }
        if (failure != null) {
          submission.settled(notSerializable(index, what, failure));
        } else if (!job.input.add(index, out.array(), out.size())) {
          submission.settled(new Outcome.Cancelled<>(index, 0, Duration.ZERO, 0));
          break;
        }
        pulled = false;
        if (out.array().length > KEPT_BYTES) {
          out = new ByteOutput(256, Long.MAX_VALUE);
        }
      }
    } catch (InterruptedException e) {
      // the call was cancelled or the pool terminated
      if (pulled) {
        submission.settled(new Outcome.Cancelled<>(index, 0, Duration.ZERO, 0));
      }
    } catch (Throwable t) {
      submission.abort(t);
      throw t;
    } finally {
      job.input.end();
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
            "item " + index + ": " + what + " can't be serialized: " + cause.getMessage(), cause));
  }
}
