package dev.procpool.testkit.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The bytes that a hostile worker sends: of the right form, whatever they say. */
final class Forgery {

  private Forgery() {}

  static byte[] result(byte[] value, Item item, int kind, long nanos) {
    return Wire.frame(Wire.RESULT, Wire.result(value, item.chunk(), item.offset(), kind, nanos));
  }

  static byte[] fetch(long loader, int kind, String path) {
    byte[] text = path.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(17 + text.length)
        .putLong(1)
        .putLong(loader)
        .put((byte) kind)
        .put(text)
        .array();
  }

  static byte[] bytes(SplittableRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A value in the form of Java serialization. */
  static byte[] serialized(byte[] stream) {
    return ByteBuffer.allocate(5 + stream.length)
        .put((byte) (0x80 | 28))
        .putInt(stream.length)
        .put(stream)
        .array();
  }

  /** The head of an array of Object with one element, without the stream's own head. */
  static byte[] classDescription() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Object[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] stream = bytes.toByteArray();
    byte[] head = new byte[stream.length - 4 - 1]; // the magic before, the null element after
    System.arraycopy(stream, 4, head, 0, head.length);
    return head;
  }
}
