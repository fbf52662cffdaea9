package dev.procpool.local.dispatch;

import dev.procpool.codec.ByteOutput;
import dev.procpool.local.call.Block;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.fleet.WorkerLine;
import dev.procpool.local.result.Recorder;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskMessage;
import dev.procpool.protocol.ToWorker;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Slice;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the frames that tell workers what to run, and what to forget.
 *
 * <p>Owned by the engine's thread.
 */
public final class TaskSender {

  private final Fleet fleet;
  private final Recorder recorder;
  private final PerWorker<Tasks> tasks;
  private final ByteOutput message = new ByteOutput(64, Long.MAX_VALUE);

  TaskSender(Fleet fleet, Recorder recorder) {
    this.fleet = fleet;
    this.recorder = recorder;
    this.tasks = fleet.perWorker();
  }

  /** Sends a chunk, and before it what the worker needs for it and does not have. */
  void send(Worker worker, LocalCall call, SentChunk chunk) {
    WorkerLine line = worker.line();
    if (call.submission.isImmediate()) {
      sendTask(line, ToWorker.OWN_TASK, call);
    } else if (tasks(worker).add(call.id)) {
      sendTask(line, ToWorker.TASK, call);
    }
    Slice items = chunk.slice();
    Block block = (Block) items.items();
    recorder.chunk(worker, call, items, block.size(items.from(), items.count()));
    for (byte[] body : block.bodies()) {
      line.sendTask(ToWorker.BODY, body, 0, body, 0, body.length);
    }
    if (items.attempt() > 1) {
      sendPart(line, call, items);
    }
    message.reset();
    new ChunkHeader(chunk.id(), call.id, items.firstIndex(), items.attempt(), items.count())
        .write(message);
    int start = block.start(items.from());
    int length = block.length(items.from(), items.count());
    if (call.borrowsBodies && !block.bodies().isEmpty()) {
      line.sendBorrowing(
          call.submission::isAwaited,
          message.array(),
          message.size(),
          block.array(),
          start,
          length);
    } else {
      line.sendTask(ToWorker.CHUNK, message.array(), message.size(), block.array(), start, length);
    }
  }

  /** Sends what earlier attempts at an item have published. Such an item travels alone. */
  private static void sendPart(WorkerLine line, LocalCall call, Slice items) {
    byte[] part = items.count() == 1 ? call.published(items.firstIndex()) : null;
    if (part != null) {
      line.sendTask(ToWorker.PART, part, 0, part, 0, part.length);
    }
  }

  private void sendTask(WorkerLine line, int type, LocalCall call) {
    message.reset();
    new TaskMessage(
            call.id, call.loaderNumber, call.limits, call.isStateless, call.variables, call.task)
        .writeHead(message);
    line.sendTask(type, message.array(), message.size(), call.task, 0, call.task.length);
  }

  /** Asks a worker about a chunk that it has: to give it back, or to interrupt its item. */
  void sendAbout(Worker worker, int type, SentChunk chunk) {
    message.reset();
    new ItemRef(chunk.id(), 0).write(message);
    worker.send(type, message.array(), message.size());
  }

  /** Has workers forget a call's task. That of a call of one item goes with its chunk. */
  void forget(LocalCall call) {
    if (call.submission.isImmediate()) {
      return;
    }
    for (Worker worker : fleet.workers()) {
      if (tasks(worker).forget(call.id)) {
        sendNumber(worker, ToWorker.FORGET, call.id);
      }
    }
  }

  /** Has workers let go of a loader that no call names any more. */
  public void release(long loader) {
    for (Worker worker : fleet.workers()) {
      sendNumber(worker, ToWorker.RELEASE, loader);
    }
  }

  private void sendNumber(Worker worker, int type, long number) {
    message.reset();
    message.putLong(number);
    worker.line().sendTask(type, message.array(), message.size(), message.array(), 0, 0);
  }

  /** Has workers let go of their copies of a shared value, whatever they do. */
  public void dropShared(String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    for (Worker worker : fleet.workers()) {
      if (worker.isAlive() && worker.state() != Worker.State.STARTING) { // else it has none
        worker.send(ToWorker.DROP_SHARED, name, name.length);
      }
    }
  }

  private Tasks tasks(Worker worker) {
    Tasks known = tasks.get(worker);
    return known == null ? tasks.put(worker, new Tasks()) : known;
  }

  /** The calls whose task a worker was sent. */
  private static final class Tasks {

    private final Set<Long> calls = new HashSet<>();

    /** One of them, or 0; spares a look into the set for each chunk. */
    private long last;

    /** Takes note that a call's task is sent: false if it was. */
    boolean add(long call) {
      boolean isNew = last != call && calls.add(call);
      last = call;
      return isNew;
    }

    /** Takes note that a call's task is needed no more: false if it was not sent. */
    boolean forget(long call) {
      boolean isKnown = calls.remove(call);
      last = isKnown ? 0 : last;
      return isKnown;
    }
  }
}
