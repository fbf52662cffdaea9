package dev.procpool.local.call;

import dev.procpool.Outcome;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.ItemPull;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pulls a call's items from their source and encodes them, both of which run users' code and may
 * block; so each call has a thread for it, or, if it can't block, the caller's.
 */
public final class Feeder extends ItemPull<Object> {

  private static final int KEPT_BYTES = 256 * 1024;

  private final LocalCall call;
  private final ItemEncoder encoder;
  private final HeapReserve reserve;
  private final boolean isOnly;
  private boolean hasTaken;
  private ByteOutput out;

  /** How often the item will have been started once it runs. */
  private int attempt = 1;

  /** Whether an earlier attempt at the item has published something, which goes along. */
  private boolean hasPart;

  private final FeedTimes.Clock clock = new FeedTimes.Clock();

  public Feeder(
      LocalCall call, Codec codec, @Nullable CodecException taskFailure, HeapReserve reserve) {
    super(call.submission);
    this.call = call;
    this.encoder = new ItemEncoder(codec, taskFailure);
    this.reserve = reserve;
    this.isOnly = call.submission.isImmediate();
    this.out = newOutput(call);
  }

  @Override
  public void run() {
    SharedUses before = call.uses.enter();
    try {
      super.run();
    } finally {
      SharedUses.leave(before);
    }
  }

  @Override
  protected boolean take(long index, @Nullable Object item) {
    if (isOnly && hasTaken) { // it would overwrite the first, which was not copied
      throw new IllegalStateException("a call that has a single item gave another: " + index);
    }
    hasTaken = true;
    out.reset();
    out.putInt(0); // the length's place
    Duration limit = call.isLimitedByItem ? limit() : null;
    if (limit != null) {
      out.putLong(Nanos.of(limit));
    }
    attempt = 1;
    hasPart = false;
    Outcome<Object> failure =
        call.isEncoded ? append(index, item) : encoder.encode(index, item, out);
    if (failure != null) {
      call.submission.settled(failure);
      return true;
    }
    List<byte[]> bodies = out.takeBodies();
    boolean isAlone = isOnly || hasPart || CallInput.isLarge(out.size(), bodies);
    if (!add(index, out, bodies, isAlone)) {
      return false;
    }
    if (!isOnly && (isAlone || out.array().length > KEPT_BYTES)) {
      out = newOutput(call);
    }
    return true;
  }

  /** Takes an item that another JVM has encoded. */
  private @Nullable Outcome<Object> append(long index, @Nullable Object item) {
    if (item instanceof byte[] bytes) {
      out.write(bytes, 0, bytes.length);
      return null;
    } else if (item instanceof EncodedItem encoded) {
      attempt = encoded.attempts() + 1;
      byte[] part = encoded.published();
      hasPart = part != null;
      if (part != null) {
        call.published(index, part);
      }
      out.write(encoded.bytes(), 0, encoded.bytes().length);
      return null;
    }
    return Attempt.none(index)
        .failed(new IllegalArgumentException("item " + index + ": not encoded, but " + item));
  }

  @Override
  protected boolean isStopped() {
    return call.input.isClosed();
  }

  /** Ends the call, once there is memory for that. */
  @Override
  protected void abort(Throwable cause) {
    long begin = System.nanoTime();
    while (true) {
      try {
        call.submission.abort(cause);
        return;
      } catch (VirtualMachineError | LinkageError e) {
        if (!reserve.awaitMemory(begin)) {
          throw e;
        }
      }
    }
  }

  @Override
  protected void ended() {
    call.input.end();
  }

  private static ByteOutput newOutput(LocalCall call) {
    return new ByteOutput(256, Long.MAX_VALUE).withBodies(!call.borrowsBodies);
  }

  /** Queues an item: false if it can't be, since the call has been stopped. */
  private boolean add(long index, ByteOutput item, List<byte[]> bodies, boolean isAlone) {
    while (true) {
      try {
        return call.input.add(index, attempt, item.array(), item.size(), bodies, isAlone, clock);
      } catch (InterruptedException e) {
        if (call.input.isClosed()) {
          return false;
        }
      }
    }
  }
}
