package dev.procpool.local.dispatch;

import dev.procpool.LimitKind;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RunPage;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.service.ClassFetches;
import dev.procpool.local.service.LogDelivery;
import dev.procpool.local.service.LogLevels;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.ToParent;
import dev.procpool.scheduler.Scheduler;
import java.nio.ByteBuffer;

/**
 * What workers say on their sockets once they are ready: each frame goes to the service that it
 * concerns.
 *
 * <p>Owned by the engine's thread. Frames are a worker's word: each is checked before it is used.
 */
final class WorkerFrames {

  private final Engine engine;
  private final Fleet fleet;
  private final Scheduler scheduler;
  private final Activity activity;
  private final ItemLimits limits;
  private final MemoryLimit memory;
  private final ThreadDumps dumps;
  private final LogDelivery logs;
  private final LogLevels levels;
  private final ClassFetches fetches;

  WorkerFrames(
      Engine engine,
      Fleet fleet,
      Scheduler scheduler,
      Activity activity,
      ItemLimits limits,
      MemoryLimit memory,
      ThreadDumps dumps,
      LogDelivery logs,
      LogLevels levels,
      ClassFetches fetches) {
    this.engine = engine;
    this.fleet = fleet;
    this.scheduler = scheduler;
    this.activity = activity;
    this.limits = limits;
    this.memory = memory;
    this.dumps = dumps;
    this.logs = logs;
    this.levels = levels;
    this.fetches = fetches;
  }

  /** Takes a frame. */
  void take(Worker worker, FrameReader frame) throws ProtocolException {
    ByteBuffer in = ByteBuffer.wrap(frame.array(), frame.offset(), frame.length());
    switch (frame.type()) {
      case ToParent.RETURNED -> returned(worker, ItemRef.read(in));
      case ToParent.COLLECTED -> {
        ProtocolException.checkLength(in, Long.BYTES);
        if (memory.collected(worker, in.getLong())) {
          scheduler.retire(worker.id());
        }
      }
      case ToParent.REPLACE -> {
        worker.wantsToBeReplaced();
        scheduler.retire(worker.id());
      }
      case ToParent.LOG -> logs.take(worker, in);
      case ToParent.LEVEL -> levels.asked(worker, in);
      case ToParent.THREADS ->
          ProtocolException.check(
              dumps.answered(worker, in), "an answer to a thread dump that was not asked for");
      case ToParent.FETCH -> fetches.ask(worker, FetchMessage.read(in));
      case ToParent.STUCK -> stuck(worker, in);
      default -> throw new ProtocolException("unknown frame type " + frame.type());
    }
  }

  private void returned(Worker worker, ItemRef from) throws ProtocolException {
    ProtocolException.check(
        scheduler.workers().isAsked(worker.id(), from.chunk()),
        "an answer to a recall that was not sent");
    ProtocolException.check(
        scheduler.returned(worker.id(), from.chunk(), from.offset(), engine.now()),
        "an item given back that was finished");
  }

  private void stuck(Worker worker, ByteBuffer in) throws ProtocolException {
    RunPage page = worker.line().page();
    long word = page == null ? 0 : page.running();
    if (!fleet.trust().verify(worker)) {
      return;
    }
    LocalCall call = limits.callOf(worker, ItemRef.ofWord(word));
    byte[] message = new byte[in.remaining()];
    in.get(message);
    LimitKind kind = StoppedItem.kind(message, 0, message.length);
    (call == null ? TaskLimits.NONE : call.limits).check(kind);
    activity.giveUp(worker, Kill.timedOut(kind, StoppedItem.stack(message, 0, message.length)));
  }
}
