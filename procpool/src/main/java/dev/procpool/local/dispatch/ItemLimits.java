package dev.procpool.local.dispatch;

import dev.procpool.LimitKind;
import dev.procpool.Progress;
import dev.procpool.channel.Note;
import dev.procpool.channel.RunPage;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Trust;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.result.Remains;
import dev.procpool.local.service.Supervision;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The items that workers are at: their limits, how far they have come, and what becomes of a worker
 * whose item is stuck, as it says itself or {@link Supervision} finds. Owned by the engine's
 * thread.
 */
final class ItemLimits implements Supervision.Limits {

  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Recorder recorder;
  private final Activity activity;
  private final Trust trust;

  /** What observers were told last of workers' items. */
  private final PerWorker<Note> told;

  ItemLimits(
      OpenCalls calls,
      Scheduler scheduler,
      Recorder recorder,
      Activity activity,
      Trust trust,
      PerWorker<Note> told) {
    this.calls = calls;
    this.scheduler = scheduler;
    this.recorder = recorder;
    this.activity = activity;
    this.trust = trust;
    this.told = told;
  }

  /** Finds the call of an item that a worker has; null if there is none. */
  private @Nullable LocalCall callOf(Worker worker, ItemRef item) {
    SentChunk chunk = scheduler.workers().chunk(worker.id(), item.chunk());
    return chunk == null ? null : calls.find(chunk.call());
  }

  @Override
  public TaskLimits limits(Worker worker, ItemRef item) {
    SentChunk chunk = scheduler.workers().chunk(worker.id(), item.chunk());
    LocalCall call = chunk == null ? null : calls.find(chunk.call());
    return chunk == null || call == null
        ? TaskLimits.NONE
        : call.limits(chunk.slice(), offset(chunk, item));
  }

  /** Where an item is in its chunk; the worker's word, which may be any. */
  private static int offset(SentChunk chunk, ItemRef item) {
    return Math.min(item.offset(), chunk.slice().count() - 1);
  }

  /** Tells observers how far it has come, if that is news. */
  @Override
  public void seen(Worker worker, ItemRef ref) {
    if (!recorder.isOn()) {
      return;
    }
    SentChunk chunk = scheduler.workers().chunk(worker.id(), ref.chunk());
    LocalCall call = chunk == null ? null : calls.find(chunk.call());
    Progress said = Remains.progress(worker, ref.word());
    if (chunk == null || call == null || said == null) {
      return;
    }
    Note now = new Note(ref.word(), said.fraction(), said.note());
    if (!now.equals(told.get(worker))) {
      told.put(worker, now);
      recorder.progressed(worker, call, chunk.item(offset(chunk, ref)), said);
    }
  }

  /** A worker says that its item is over a limit, and does not end. */
  void stuck(Worker worker, ByteBuffer in) throws ProtocolException {
    RunPage page = worker.line().page();
    long word = page == null ? 0 : page.running();
    if (!trust.verify(worker)) {
      return;
    }
    LocalCall call = callOf(worker, ItemRef.ofWord(word));
    byte[] message = new byte[in.remaining()];
    in.get(message);
    LimitKind kind = StoppedItem.kind(message, 0, message.length);
    (call == null ? TaskLimits.NONE : call.limits).check(kind);
    giveUp(worker, Kill.timedOut(kind, StoppedItem.stack(message, 0, message.length)));
  }

  @Override
  public void giveUp(Worker worker, Kill why) {
    activity.giveUp(worker, why);
  }

  @Override
  public long killAfter(Worker worker, ItemRef item) {
    LocalCall call = callOf(worker, item);
    return call == null ? 0 : call.killAfter;
  }

  @Override
  public @Nullable ItemRef next(Worker worker) {
    SentChunk chunk = scheduler.workers().next(worker.id());
    return chunk == null ? null : new ItemRef(chunk.id(), chunk.begin());
  }
}
