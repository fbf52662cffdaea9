package dev.procpool.spark;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A task of Spark's that holds a slot of an executor for the pool. Immutable.
 *
 * @param job the number of the job, of the pool's own
 * @param partition which of its partitions
 * @param attempt the number of the attempt at it, unlike those of all other tasks of the context
 * @param executor the executor that runs it
 */
record SlotKey(long job, int partition, long attempt, String executor) {

  void write(DataOutputStream out) throws IOException {
    out.writeLong(job);
    out.writeInt(partition);
    out.writeLong(attempt);
    out.writeUTF(executor);
  }

  static SlotKey read(DataInputStream in) throws IOException {
    return new SlotKey(in.readLong(), in.readInt(), in.readLong(), in.readUTF());
  }
}
