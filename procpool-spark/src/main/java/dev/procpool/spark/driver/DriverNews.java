package dev.procpool.spark.driver;

import dev.procpool.PoolEvent;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;

/** Takes what executors say, and passes it on to whom it is for. Thread-safe. */
final class DriverNews {

  private final SparkBackend backend;
  private final ExecutorService threads;

  DriverNews(SparkBackend backend, ExecutorService threads) {
    this.backend = backend;
    this.threads = threads;
  }

  /** Takes a message, on a thread of Spark's. */
  void receive(byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply) {
    if (reply != null) {
      threads.execute(
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
      case NEXT -> backend.asks(Wire.readSlot(in), in.readLong(), reply);
      case REPORT -> report(in.readUTF(), in.readLong(), in, reply);
      case TASK -> reply.reply(task(in.readLong()));
      case SHARED -> reply.reply(shared(in.readUTF()));
      case OPTIONS -> reply.reply(backend.options(in.readInt()));
      case CLASS -> reply.reply(backend.encoder().answer(in.readUTF(), in.readAllBytes()));
    }
  }

  private byte[] hello(String executor, @Nullable RpcEndpointRef agent, String host)
      throws IOException {
    if (agent == null) {
      throw new IOException("an executor without an endpoint");
    }
    backend.hello(executor, agent, host);
    byte[] settings = Events.encode(backend.settings());
    return Wire.answer(out -> Wire.writeBytes(settings, out));
  }

  private byte[] task(long number) {
    DriverCall<?, ?> call = backend.call(number);
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

  private byte[] shared(String key) throws IOException {
    byte[] broadcast = backend.broadcasts().get(key);
    return broadcast == null ? Wire.NOTHING : broadcast;
  }

  // ---------------------------------------------------------------- reports

  private void report(String executor, long number, DataInputStream in, RpcCallContext reply) {
    ReportOrder order = backend.reports(executor);
    boolean isNew =
        order != null
            && order.take(
                number,
                () -> {
                  try {
                    take(executor, in);
                    reply.reply(Wire.NOTHING);
                  } catch (Throwable e) { // what came is not what our executors send
                    SafeLog.log(System.Logger.Level.ERROR, "a report can't be taken", e);
                    Rpc.fail(reply, e);
                  }
                });
    if (!isNew) {
      reply.reply(Wire.NOTHING); // it was taken before, or the executor is lost
    }
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
      case BACK -> {
        long call = in.readLong();
        long index = in.readLong();
        SlotKey slot = Wire.readSlot(in);
        backend.outcomes().handedBack(call, index, slot);
      }
      case EVENT -> backend.happened(executor, Events.read(PoolEvent.class, in));
      case OUTPUT -> backend.printed(Events.read(WorkerOutput.Line.class, in));
      case LOG -> backend.logged(Events.read(WorkerLog.class, in));
      case BROKEN -> backend.broken("on executor " + executor + ", " + in.readUTF(), null);
    }
  }

  private void outcome(DataInputStream in) throws IOException {
    long call = in.readLong();
    long index = in.readLong();
    EncodedOutcome.Received received;
    try {
      received = EncodedOutcome.read(in);
    } catch (IOException | RuntimeException | Error e) { // no memory for it, say
      backend
          .outcomes()
          .failed(call, index, new IllegalStateException("its outcome can't be read: " + e, e));
      return;
    }
    backend.outcomes().conclude(call, received);
  }
}
