package dev.procpool.inline;

import dev.procpool.TaskSerializationException;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemPull;
import org.jspecify.annotations.Nullable;

/** Pulls a call's items and encodes them. Run once, by the call's feeder or by the caller. */
final class InlineFeed<T> extends ItemPull<T> {

  private final InlineBackend backend;
  private final InlineCall<T, ?> call;

  InlineFeed(InlineBackend backend, InlineCall<T, ?> call) {
    super(call.submission);
    this.backend = backend;
    this.call = call;
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
  protected boolean take(long index, @Nullable T item) {
    byte[] argument;
    try {
      call.refuseIfNotEncoded();
      argument = Copying.encode("the argument", item);
    } catch (TaskSerializationException e) {
      call.submission.settled(Attempt.none(index).notSerializable(e.getMessage(), e.getCause()));
      return true;
    }
    return backend.enqueue(call, new InlineItem(index, argument, limit()));
  }

  @Override
  protected boolean isStopped() {
    return call.items.isStopped();
  }

  @Override
  protected void ended() {
    backend.fed(call);
  }
}
