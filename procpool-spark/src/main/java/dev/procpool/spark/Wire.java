package dev.procpool.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How messages are written: a byte that says what it is, then its fields. Without state. */
final class Wire {

  // ---- executor to driver

  /** An executor's agent begins: executor, and its endpoint beside. Answer: the pool's options. */
  static final byte HELLO = 'H';

  /** A slot wants work: slot, number of the question, outcomes. Answer: one of the next four. */
  static final byte NEXT = 'N';

  /** Items for a worker. */
  static final byte CHUNK = 'C';

  /** Have the worker of a number start, and ask again. */
  static final byte START = 'S';

  /** There is nothing: the slot is given back to Spark. */
  static final byte LEAVE = 'L';

  /** Outcomes of items that have ended: executor, outcomes. Answer: nothing. */
  static final byte OUTCOMES = 'O';

  /** The task of a call: its number. Answer: task and limits, nothing if the call has ended. */
  static final byte TASK = 'T';

  /** A worker's question for a class: executor, question. Answer: what it asked for. */
  static final byte CLASS = 'K';

  /** Something happened to a worker: the event. */
  static final byte EVENT = 'E';

  // ---- driver to executor

  /** Stop a call: its number, whether running items are stopped, too. */
  static final byte CANCEL = 'X';

  /** Forget a call that has ended: its number. */
  static final byte FORGET = 'F';

  /** What workers are there. Answer: them. */
  static final byte WORKERS = 'W';

  /** What a worker's threads do: its number. Answer: text. */
  static final byte THREADS = 'D';

  /** End the worker of a number: another executor has one of that number. */
  static final byte RELEASE = 'R';

  /** End all: whether at once. Answer, once all is gone: nothing. */
  static final byte END = 'Z';

  static final byte[] NOTHING = {};

  /** Writes the fields of a message. */
  interface Fields {
    void write(DataOutputStream out) throws IOException;
  }

  private Wire() {}

  /** Writes an answer, whose reader knows what it is. */
  static byte[] answer(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not throw it
    }
    return bytes.toByteArray();
  }

  static byte[] message(int type, Fields fields) {
    return answer(
        out -> {
          out.writeByte(type);
          fields.write(out);
        });
  }

  static DataInputStream read(byte[] message) {
    return new DataInputStream(new ByteArrayInputStream(message));
  }

  static void writeBytes(byte @Nullable [] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  static void writeDuration(@Nullable Duration time, DataOutputStream out) throws IOException {
    out.writeLong(time == null ? -1 : time.getSeconds());
    out.writeInt(time == null ? 0 : time.getNano());
  }

  static @Nullable Duration readDuration(DataInputStream in) throws IOException {
    long seconds = in.readLong();
    int nanos = in.readInt();
    return seconds < 0 ? null : Duration.ofSeconds(seconds, nanos);
  }

  static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }

  static byte[] bytes(DataInputStream in) throws IOException {
    byte[] bytes = readBytes(in);
    if (bytes == null) {
      throw new IOException("bytes are missing in a message");
    }
    return bytes;
  }
}
