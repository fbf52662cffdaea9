package dev.procpool.spark.wire;

import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.Progress;
import dev.procpool.WorkerInfo;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/** Descriptions of workers as bytes. Without state. */
public final class WorkerInfos {

  private WorkerInfos() {}

  /** Writes them. */
  public static void write(List<PoolStats.Worker> all, DataOutputStream out) throws IOException {
    out.writeInt(all.size());
    for (PoolStats.Worker worker : all) {
      WorkerInfo info = worker.info();
      out.writeInt(info.number());
      out.writeUTF(info.host());
      out.writeLong(info.pid());
      out.writeUTF(info.state().name());
      out.writeLong(info.tasksDone());
      out.writeLong(info.startedAt().toEpochMilli());
      out.writeLong(info.memoryBytes().orElse(-1));
      write(info.progress(), out);
      out.writeBoolean(worker.item().isPresent());
      if (worker.item().isPresent()) {
        PoolStats.Item item = worker.item().get();
        out.writeLong(item.call().number());
        out.writeLong(item.index());
        out.writeInt(item.attempt());
        out.writeLong(item.running().toNanos());
        write(item.progress(), out);
      }
    }
  }

  private static void write(Optional<Progress> progress, DataOutputStream out) throws IOException {
    out.writeBoolean(progress.isPresent());
    if (progress.isPresent()) {
      out.writeDouble(progress.get().fraction());
      out.writeUTF(progress.get().note());
    }
  }

  private static Optional<Progress> readProgress(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? Optional.of(new Progress(in.readDouble(), in.readUTF()))
        : Optional.empty();
  }

  /**
   * Reads them.
   *
   * @param dumper tells what the threads of the worker of a number do
   * @param calls names the call of a number
   */
  public static List<PoolStats.Worker> read(
      DataInputStream in,
      IntFunction<WorkerInfo.ThreadDumper> dumper,
      LongFunction<PoolEvent.Call> calls)
      throws IOException {
    List<PoolStats.Worker> all = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int number = in.readInt();
      String host = in.readUTF();
      long pid = in.readLong();
      WorkerInfo.State state = WorkerInfo.State.valueOf(in.readUTF());
      long done = in.readLong();
      Instant since = Instant.ofEpochMilli(in.readLong());
      long memory = in.readLong();
      WorkerInfo info =
          new WorkerInfo(
              number,
              host,
              pid,
              state,
              done,
              since,
              memory < 0 ? OptionalLong.empty() : OptionalLong.of(memory),
              readProgress(in),
              dumper.apply(number));
      all.add(new PoolStats.Worker(info, readItem(in, calls)));
    }
    return all;
  }

  private static Optional<PoolStats.Item> readItem(
      DataInputStream in, LongFunction<PoolEvent.Call> calls) throws IOException {
    return in.readBoolean()
        ? Optional.of(
            new PoolStats.Item(
                calls.apply(in.readLong()),
                in.readLong(),
                in.readInt(),
                Duration.ofNanos(in.readLong()),
                readProgress(in)))
        : Optional.empty();
  }
}
