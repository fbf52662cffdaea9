package dev.procpool.spark.wire;

import dev.procpool.spark.slots.SlotKey;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How messages are written: a byte that says what it is, then its fields. Without state. */
public final class Wire {

  /** An answer that says nothing. */
  public static final byte[] NOTHING = {};

  /** Writes the fields of a message. */
  public interface Fields {

    /** Writes them. */
    void write(DataOutputStream out) throws IOException;
  }

  private Wire() {}

  /** Writes an answer, whose reader knows what it is. */
  public static byte[] answer(Fields fields) {
    MessageOutput bytes = new MessageOutput();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not throw it
    }
    return bytes.toByteArray();
  }

  /** Writes a message to the driver. */
  public static byte[] message(ToDriver what, Fields fields) {
    return message(what.code(), fields);
  }

  /** Writes a message to an executor, or an answer that may be one of several. */
  public static byte[] message(ToExecutor what, Fields fields) {
    return message(what.code(), fields);
  }

  /** Writes a message that has no fields. */
  public static byte[] message(ToExecutor what) {
    return message(what.code(), out -> {});
  }

  private static byte[] message(int type, Fields fields) {
    return answer(
        out -> {
          out.writeByte(type);
          fields.write(out);
        });
  }

  /** One of several, which a byte tells. */
  public interface Coded {

    /** Its byte, unlike those of the others. */
    byte code();
  }

  /** Reads which of several it is. */
  public static <E extends Coded> E read(E[] all, DataInputStream in) throws IOException {
    byte code = in.readByte();
    for (E each : all) {
      if (each.code() == code) {
        return each;
      }
    }
    throw new IOException("unknown message " + code);
  }

  /** Writes which slot. */
  public static void write(SlotKey slot, DataOutputStream out) throws IOException {
    out.writeLong(slot.job());
    out.writeInt(slot.partition());
    out.writeLong(slot.attempt());
    out.writeUTF(slot.executor());
  }

  /** Reads which slot. */
  public static SlotKey readSlot(DataInputStream in) throws IOException {
    return new SlotKey(in.readLong(), in.readInt(), in.readLong(), in.readUTF());
  }

  public static DataInputStream read(byte[] message) {
    return new DataInputStream(new MessageInput(message));
  }

  /** Writes a number, which takes the fewer bytes the nearer it is to zero. */
  public static void writeNumber(long number, DataOutputStream out) throws IOException {
    long left = number << 1 ^ number >> 63; // a small negative one is a small one
    while ((left & ~0x7fL) != 0) {
      out.writeByte((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  /** Reads such a number. */
  public static long readNumber(DataInputStream in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.readByte();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number >>> 1 ^ -(number & 1);
      }
    }
    throw new IOException("a number in a message has no end");
  }

  /** Reads a number that says how many bytes follow. */
  static int readLength(DataInputStream in) throws IOException {
    long length = readNumber(in);
    if (length < 0 || length > in.available()) { // no array of a size that nobody has sent
      throw new IOException("a message ends in the middle");
    }
    return (int) length;
  }

  public static void writeBytes(byte @Nullable [] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  public static void writeDuration(@Nullable Duration time, DataOutputStream out)
      throws IOException {
    out.writeLong(time == null ? -1 : time.getSeconds());
    out.writeInt(time == null ? 0 : time.getNano());
  }

  public static @Nullable Duration readDuration(DataInputStream in) throws IOException {
    long seconds = in.readLong();
    int nanos = in.readInt();
    return seconds < 0 ? null : Duration.ofSeconds(seconds, nanos);
  }

  /** Writes texts of which each is there once. */
  public static void writeTexts(Set<String> texts, DataOutputStream out) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  /** Reads such texts. */
  public static Set<String> readTexts(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return Set.of();
    }
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < size; i++) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  public static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length); // no array of a size that nobody has sent
    if (bytes.length < length) {
      throw new IOException("a message ends in the middle");
    }
    return bytes;
  }

  public static byte[] bytes(DataInputStream in) throws IOException {
    byte[] bytes = readBytes(in);
    if (bytes == null) {
      throw new IOException("bytes are missing in a message");
    }
    return bytes;
  }
}
