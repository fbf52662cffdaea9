package dev.procpool.local.dispatch;

import dev.procpool.channel.FrameReader;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.service.ClassFetches;
import dev.procpool.local.service.LogDelivery;
import dev.procpool.local.service.LogLevels;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
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
  private final Scheduler scheduler;
  private final ItemLimits limits;
  private final MemoryLimit memory;
  private final ThreadDumps dumps;
  private final LogDelivery logs;
  private final LogLevels levels;
  private final ClassFetches fetches;

  WorkerFrames(
      Engine engine,
      Scheduler scheduler,
      ItemLimits limits,
      MemoryLimit memory,
      ThreadDumps dumps,
      LogDelivery logs,
      LogLevels levels,
      ClassFetches fetches) {
    this.engine = engine;
    this.scheduler = scheduler;
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
      case ToParent.STUCK -> limits.stuck(worker, in);
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
}
