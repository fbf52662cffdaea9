package dev.procpool.spark.driver;

import dev.procpool.PoolEvent;
import dev.procpool.RunningItem;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spark.wire.Items;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.function.IntFunction;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;

/** Takes what executors say, and passes it on to whom it is for. Thread-safe. */
final class DriverNews {

  private final DriverParts parts;
  private final PoolEnd end;
  private final ExecutorSettings settings;
  private final IntFunction<byte[]> options;
  private final CallEncoder encoder;
  private final Broadcasts broadcasts;

  DriverNews(
      DriverParts parts,
      PoolEnd end,
      ExecutorSettings settings,
      IntFunction<byte[]> options,
      CallEncoder encoder,
      Broadcasts broadcasts) {
    this.parts = parts;
    this.end = end;
    this.settings = settings;
    this.options = options;
    this.encoder = encoder;
    this.broadcasts = broadcasts;
  }

  /** Takes a message, on a thread of Spark's. */
  void receive(byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply) {
    if (reply != null) {
      parts
          .threads()
          .execute(
              () -> {
                try {
                  handle(Wire.read(message), sender, reply);
                } catch (Throwable e) { // the executor is to know
                  SafeLog.log(
                      System.Logger.Level.WARNING, "a message of an executor can't be handled", e);
                  Rpc.fail(reply, e);
                }
              });
    }
  }

  private void handle(DataInputStream in, @Nullable RpcEndpointRef sender, RpcCallContext reply)
      throws IOException {
    ToDriver what = Wire.read(ToDriver.all(), in);
    switch (what) {
      case HELLO -> reply.reply(hello(in.readUTF(), sender, reply.senderAddress().host()));
      case NEXT -> asks(Wire.readSlot(in), in.readLong(), reply);
      case REPORT -> report(in.readUTF(), in.readLong(), in, reply);
      case ROOM -> parts.sinks().whenRoom(() -> reply.reply(Wire.NOTHING));
      case TASK -> reply.reply(task(in.readLong()));
      case SHARED -> reply.reply(shared(in.readUTF()));
      case OPTIONS -> reply.reply(options.apply(in.readInt()));
      case CLASS -> reply.reply(encoder.answer(in.readUTF(), in.readAllBytes()));
    }
  }

  private byte[] hello(String executor, @Nullable RpcEndpointRef agent, String host)
      throws IOException {
    if (agent == null) {
      throw new IOException("an executor without an endpoint");
    }
    parts.lock().lock();
    try {
      if (end.isEnding()) {
        throw new IOException("pool '" + parts.name() + "' has ended");
      }
      parts.executors().add(executor, agent, host);
    } finally {
      parts.lock().unlock();
    }
    byte[] encoded = Events.encode(settings);
    return Wire.answer(out -> Wire.writeBytes(encoded, out));
  }

  /** A slot asks for work. */
  private void asks(SlotKey key, long number, RpcCallContext reply) {
    parts.locked(
        () -> {
          parts.watch().began();
          parts.jobs().asks(key);
          if (parts.messages().asked(key, number, reply)) {
            boolean isKnown = parts.executors().get(key.executor()) != null;
            if (!isKnown || parts.scheduler().slot(key) == null && isUnwanted(key)) {
              parts.messages().leave(key); // nobody counts with it any more
            } else {
              parts.scheduler().asks(key, DriverParts.now());
            }
            end.slotsChanged();
          }
        });
  }

  private boolean isUnwanted(SlotKey key) {
    return end.isEnding() || !parts.jobs().isOpen(key) || !parts.jobs().isWanted();
  }

  private byte[] task(long number) {
    DriverCall<?, ?> call = call(number);
    if (call == null) {
      return Wire.NOTHING;
    }
    byte[] limits = Events.encode(CallLimits.of(call.submission().options()));
    return Wire.answer(
        out -> {
          Wire.writeBytes(limits, out);
          Wire.writeTexts(call.encoded().shared(), out);
          out.write(call.encoded().task());
        });
  }

  private @Nullable DriverCall<?, ?> call(long number) {
    parts.lock().lock();
    try {
      return parts.calls().get(number);
    } finally {
      parts.lock().unlock();
    }
  }

  private byte[] shared(String key) throws IOException {
    byte[] broadcast = broadcasts.get(key);
    return broadcast == null ? Wire.NOTHING : broadcast;
  }

  // ---------------------------------------------------------------- reports

  private void report(String executor, long number, DataInputStream in, RpcCallContext reply) {
    ReportOrder order = parts.reports(executor);
    boolean isNew =
        order != null
            && order.take(
                number,
                () -> {
                  try {
                    take(executor, in);
                    taken(reply);
                  } catch (Throwable e) { // what came is not what our executors send
                    SafeLog.log(System.Logger.Level.ERROR, "a report can't be taken", e);
                    Rpc.fail(reply, e);
                  }
                });
    if (!isNew) {
      taken(reply); // it was taken before, or the executor is lost
    }
  }

  private void taken(RpcCallContext reply) {
    boolean isFull = parts.sinks().isFull();
    reply.reply(Wire.answer(out -> out.writeBoolean(isFull)));
  }

  private void take(String executor, DataInputStream in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      byte[] entry = Wire.bytes(in);
      try {
        takeOne(executor, Wire.read(entry));
      } catch (Throwable e) { // the others count
        SafeLog.log(System.Logger.Level.ERROR, "what an executor reports can't be read", e);
      }
    }
  }

  private void takeOne(String executor, DataInputStream in) throws IOException {
    switch (Wire.read(ToDriver.Entry.all(), in)) {
      case OUTCOME -> outcome(in);
      case SUCCESSES -> successes(in);
      case BACK -> {
        long call = in.readLong();
        long index = in.readLong();
        SlotKey slot = Wire.readSlot(in);
        parts.outcomes().handedBack(call, index, slot);
      }
      case EVENT -> happened(executor, Events.read(PoolEvent.class, in));
      case OUTPUT -> {
        int bytes = in.available();
        WorkerOutput.Line line = Events.read(WorkerOutput.Line.class, in);
        parts.sinks().printed(Items.of(line, this::labelled), bytes);
      }
      case LOG -> {
        int bytes = in.available();
        WorkerLog log = Events.read(WorkerLog.class, in);
        parts.sinks().logged(Items.of(log, this::labelled), bytes);
      }
      case BROKEN -> end.broken("on executor " + executor + ", " + in.readUTF(), null);
    }
  }

  private void happened(String executor, PoolEvent event) {
    parts.locked(
        () -> {
          if (parts.executors().get(executor) == null) {
            return; // it was lost meanwhile, and its workers with it
          }
          if (event instanceof PoolEvent.WorkerStart start) {
            parts.executors().workerStarted(executor, start);
          } else if (event instanceof PoolEvent.WorkerGone gone) {
            parts.executors().workerEnded(executor, gone.worker());
          }
          parts.news().happened(event, call -> parts.calls().named(call.number()));
        });
  }

  /** Executors know calls by their number alone. */
  private RunningItem labelled(RunningItem item) {
    parts.lock().lock();
    try {
      return new RunningItem(
          item.call(), parts.calls().named(item.call()).label(), item.index(), item.attempt());
    } finally {
      parts.lock().unlock();
    }
  }

  private void outcome(DataInputStream in) throws IOException {
    long call = in.readLong();
    long index = in.readLong();
    EncodedOutcome.Received received;
    try {
      received = EncodedOutcome.read(in);
    } catch (IOException | RuntimeException | Error e) { // no memory for it, say
      parts
          .outcomes()
          .failed(call, index, new IllegalStateException("its outcome can't be read: " + e, e));
      return;
    }
    parts.outcomes().conclude(call, received);
  }

  private void successes(DataInputStream in) throws IOException {
    long call = in.readLong();
    try {
      parts.outcomes().succeeded(Successes.read(call, in));
    } catch (Throwable e) { // whose items they are is not known: none must wait for ever
      parts
          .calls()
          .drop(call, new IllegalStateException("its items' values can't be read: " + e, e));
    }
  }
}
