package dev.procpool.codec;

import dev.procpool.guard.SafeText;
import dev.procpool.spi.ObjectCodec;
import java.io.ObjectInputFilter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and back.
 *
 * <p>Immutable, thread-safe. Small well-known values (boxed primitives, strings, primitive arrays,
 * tuples, lists of immutable ones) have a compact form, see {@link Tag}, and so have records and
 * lists of them; all others go by Java serialization, or by an {@link ObjectCodec} where there is
 * one and it takes them. The compact form is taken only where it keeps all that serialization
 * keeps, shared references and cycles included.
 *
 * <p>User code runs on both ways ({@code writeObject}, {@code readObject}); whatever it throws
 * becomes a {@link CodecException}, only running out of memory does not.
 */
public final class Codec {

  private final @Nullable ObjectInputFilter filter;
  private final long maxPayload;
  private final Graphs graphs;
  private final @Nullable ObjectCodec reader;
  private final boolean isTrusting;

  /**
   * Makes a codec.
   *
   * @param filter decides which classes may be deserialized; null allows what the JVM's own filter
   *     allows
   * @param maxPayload the most bytes that one encoded value may take; the lower of this and the
   *     limit of the buffer counts
   */
  public Codec(@Nullable ObjectInputFilter filter, long maxPayload) {
    this(filter, maxPayload, null, null, false);
  }

  private Codec(
      @Nullable ObjectInputFilter filter,
      long maxPayload,
      @Nullable ObjectCodec writer,
      @Nullable ObjectCodec reader,
      boolean isTrusting) {
    if (maxPayload <= 0) {
      throw new IllegalArgumentException("maxPayload must be positive: " + maxPayload);
    }
    this.filter = filter;
    this.maxPayload = maxPayload;
    this.graphs = new Graphs(Map.of(), writer);
    this.reader = reader;
    this.isTrusting = isTrusting;
  }

  /**
   * Makes a codec like this one but for bytes of a process that is trusted: arrays may be larger
   * than what came of them, as those of {@code Collections.nCopies} are.
   *
   * @return the codec
   */
  public Codec trusting() {
    return new Codec(filter, maxPayload, graphs.objects(), reader, true);
  }

  /**
   * Makes a codec like this one but for object graphs. Exceptions go by Java serialization all the
   * same.
   *
   * @param writer what {@link #encode} asks first; null for Java serialization alone
   * @param reader reads what another's writer wrote; null refuses that. It sees no filter, so a
   *     codec that is to keep to one has no reader
   * @return the codec
   */
  public Codec withObjects(@Nullable ObjectCodec writer, @Nullable ObjectCodec reader) {
    return new Codec(filter, maxPayload, writer, reader, isTrusting);
  }

  /**
   * Appends a value.
   *
   * @param value the value; may be null
   * @param out where to; on failure it is as it was before
   * @throws PayloadTooLargeException if the encoded value takes more than the limit
   * @throws CodecException if the value can't be serialized; the message has the path to the field
   */
  public void encode(@Nullable Object value, ByteOutput out) throws CodecException {
    encode(value, out, graphs);
  }

  /** Appends a value, with other objects in place of some of its parts, by identity. */
  void encode(@Nullable Object value, ByteOutput out, Map<Object, Object> replacements)
      throws CodecException {
    encode(value, out, new Graphs(replacements, null));
  }

  private void encode(@Nullable Object value, ByteOutput out, Graphs form) throws CodecException {
    int start = out.size();
    boolean written = false;
    out.beginValue(maxPayload);
    try {
      Encoder.write(value, out, form);
      if (out.overflowed()) {
        long before = start - out.bodyBytes();
        throw new PayloadTooLargeException(out.position() - before, out.bound() - before);
      }
      written = true;
    } catch (RuntimeException e) {
      throw new CodecException("the value changed while it was written: " + SafeText.of(e), e);
    } finally {
      if (written) {
        out.endValue();
      } else {
        out.dropValue(start);
      }
    }
  }

  /**
   * Reads a value back.
   *
   * @param bytes holds what {@link #encode} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @param loader finds the classes of the value
   * @return the value; may be null
   * @throws CodecException if the bytes are damaged, a class is missing or is rejected by the
   *     filter, or the value's own code fails
   */
  public @Nullable Object decode(byte[] bytes, int offset, int length, ClassLoader loader)
      throws CodecException {
    return decode(bytes, offset, length, loader, List.of());
  }

  /**
   * Reads a value back that may have bodies.
   *
   * @param bytes holds what {@link #encode} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @param loader finds the classes of the value
   * @param bodies the value's {@linkplain ByteOutput#takeBodies bodies}, which become part of it
   * @return the value; may be null
   * @throws CodecException as without bodies, and if these are not those of the value
   */
  public @Nullable Object decode(
      byte[] bytes, int offset, int length, ClassLoader loader, List<byte[]> bodies)
      throws CodecException {
    ByteInput in = new ByteInput(bytes, offset, length);
    return new Decoder(in, bodies, loader, filter, reader, isTrusting).read();
  }

  /** Loads what decoding a task takes, so that the first one need not wait for it. */
  public static void prepare() {
    GraphInput.prepare();
  }

  /**
   * Tells whether decoding runs no code but ours: null, boxed primitives, strings, primitive
   * arrays, tuples and lists of these.
   *
   * @param bytes holds what {@link #encode} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @return whether the value can be decoded on a thread that must not run foreign code
   */
  public static boolean isPlain(byte[] bytes, int offset, int length) {
    return length > 0
        && offset >= 0
        && offset < bytes.length
        && (bytes[offset] & Tag.NOT_PLAIN) == 0;
  }

  /**
   * Appends an exception; never fails. What can't be serialized goes as text.
   *
   * @param error the exception
   * @param out where to
   */
  public void encodeThrowable(Throwable error, ByteOutput out) {
    Throwables.write(error, out, this, maxPayload);
  }

  /**
   * Reads an exception back; never fails.
   *
   * @param bytes holds what {@link #encodeThrowable} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @param loader finds the classes of the exception
   * @return the exception itself, or a {@link dev.procpool.RemoteTaskException} that tells about it
   */
  public Throwable decodeThrowable(byte[] bytes, int offset, int length, ClassLoader loader) {
    return Throwables.read(bytes, offset, length, loader, this);
  }
}
