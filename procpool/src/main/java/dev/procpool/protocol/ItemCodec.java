package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.spi.ObjectCodec;
import java.nio.ByteBuffer;

/**
 * Which codec of the user's arguments and results go by, as a worker is told.
 *
 * @param loader the number of the loader that has its class
 * @param writesResults whether the parent reads results in its form: not if it has a filter
 * @param codec the encoded {@link ObjectCodec}; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record ItemCodec(long loader, boolean writesResults, byte[] codec) {

  /** Java serialization. */
  public static final ItemCodec NONE = new ItemCodec(0, false, new byte[0]);

  /** Appends this to a message. */
  void write(ByteOutput out) {
    out.putLong(loader);
    out.putByte(writesResults ? 1 : 0);
    out.putInt(codec.length);
    out.write(codec, 0, codec.length);
  }

  /** Reads one from a message. */
  static ItemCodec read(ByteBuffer in) {
    long loader = in.getLong();
    boolean writesResults = in.get() != 0;
    byte[] codec = new byte[in.getInt()];
    in.get(codec);
    return new ItemCodec(loader, writesResults, codec);
  }

  /**
   * Gives the codec for a worker's items.
   *
   * @param base the codec for everything else
   * @param finder finds the class of the user's codec
   * @return the codec
   * @throws CodecException if the user's can't be made here
   */
  public Codec forWorker(Codec base, ClassLoader finder) throws CodecException {
    if (codec.length == 0) {
      return base;
    }
    try {
      ObjectCodec objects = (ObjectCodec) base.decode(codec, 0, codec.length, finder);
      return base.withObjects(writesResults ? objects : null, objects);
    } catch (CodecException e) {
      throw new CodecException("the objectCodec can't be made in a worker: " + e.getMessage(), e);
    }
  }
}
