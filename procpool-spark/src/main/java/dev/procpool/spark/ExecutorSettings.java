package dev.procpool.spark;

import dev.procpool.local.ProcessPool;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What executors have to know of the pool's options. Immutable.
 *
 * @param jvmOptions options of the workers' JVMs
 * @param maxTasksPerWorker after how many items a worker is replaced; 0 for never
 * @param gracePeriod how long an item that is stopped may take to end
 */
record ExecutorSettings(List<String> jvmOptions, int maxTasksPerWorker, Duration gracePeriod) {

  ExecutorSettings {
    jvmOptions = List.copyOf(jvmOptions);
  }

  void apply(ProcessPool.Builder builder) {
    builder.jvmOptions(jvmOptions).gracePeriod(gracePeriod).inheritJvmOptions(false);
    if (maxTasksPerWorker > 0) {
      builder.maxTasksPerWorker(maxTasksPerWorker);
    }
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(jvmOptions.size());
    for (String option : jvmOptions) {
      out.writeUTF(option);
    }
    out.writeInt(maxTasksPerWorker);
    out.writeLong(gracePeriod.getSeconds());
    out.writeInt(gracePeriod.getNano());
  }

  static ExecutorSettings read(DataInputStream in) throws IOException {
    List<String> options = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      options.add(in.readUTF());
    }
    return new ExecutorSettings(
        options, in.readInt(), Duration.ofSeconds(in.readLong(), in.readInt()));
  }
}
