package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A worker's first words: proof that it is the process that the pool started.
 *
 * @param version the worker's {@link #VERSION}
 * @param launch which start of a worker this answers
 * @param token the secret that the pool gave that process on its standard input
 */
public record Hello(int version, long launch, String token) {

  /** The version of the protocol that both sides must have; they run from the same jar. */
  public static final int VERSION = 8;

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putInt(version);
    out.putLong(launch);
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the hello
   * @throws ProtocolException if it makes no sense
   */
  public static Hello read(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Integer.BYTES + Long.BYTES);
    int version = in.getInt();
    long launch = in.getLong();
    return new Hello(version, launch, StandardCharsets.UTF_8.decode(in).toString());
  }

  /**
   * Compares tokens in a time that does not tell how much of them is the same.
   *
   * @param expected the token that the pool gave out
   * @return whether this hello has it
   */
  public boolean proves(String expected) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
