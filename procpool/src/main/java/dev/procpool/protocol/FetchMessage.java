package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker's question for a class or the resources of a name of one of the pool's class loaders.
 *
 * @param request the question's number in its worker
 * @param loader which loader
 * @param kind what is asked for
 * @param path the path of the class file or resource
 */
public record FetchMessage(long request, long loader, Kind kind, String path) {

  /** What is asked for. */
  public enum Kind {
    /** A class; the answer may bring along what it refers to. */
    CLASS,
    /** All resources of the path. */
    RESOURCES;

    private static final List<Kind> ALL = List.of(values());
  }

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  @SuppressWarnings("EnumOrdinal") // both sides run from the same jar
  public void write(ByteOutput out) {
    out.putLong(request);
    out.putLong(loader);
    out.putByte(kind.ordinal());
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the question
   * @throws ProtocolException if it makes no sense
   */
  public static FetchMessage read(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, 2 * Long.BYTES + 1);
    long request = in.getLong();
    long loader = in.getLong();
    int kind = in.get();
    ProtocolException.check(
        kind >= 0 && kind < Kind.ALL.size(), "a question of unknown kind " + kind);
    return new FetchMessage(
        request, loader, Kind.ALL.get(kind), StandardCharsets.UTF_8.decode(in).toString());
  }

  /** What the pool says of a path. */
  public enum Origin {
    /** The loader has it itself, and here it is. */
    OWN,
    /** It is the one of the class path, which the worker has. */
    SHARED,
    /** The loader does not have it. */
    MISSING,
    /** The loader has a class of this name but no class file; the content says which loader. */
    NO_FILE;

    private static final List<Origin> ALL = List.of(values());
  }

  /**
   * One class file or resource.
   *
   * @param path its path
   * @param origin where it comes from
   * @param bytes its content; empty if it is not sent
   */
  @SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
  public record Content(String path, Origin origin, byte[] bytes) {}

  /**
   * The pool's answer.
   *
   * @param request the question's number
   * @param contents what was asked for; for a class it comes first, then what it refers to
   */
  public record Answer(long request, List<Content> contents) {

    /**
     * Appends this to a message.
     *
     * @param out the message
     */
    @SuppressWarnings("EnumOrdinal") // both sides run from the same jar
    public void write(ByteOutput out) {
      out.putLong(request);
      out.putInt(contents.size());
      for (Content content : contents) {
        byte[] path = content.path().getBytes(StandardCharsets.UTF_8);
        out.putByte(content.origin().ordinal());
        out.putInt(path.length);
        out.write(path, 0, path.length);
        out.putInt(content.bytes().length);
        out.write(content.bytes(), 0, content.bytes().length);
      }
    }

    /**
     * Reads one from a message.
     *
     * @param in the message
     * @return the answer
     */
    public static Answer read(ByteBuffer in) {
      long request = in.getLong();
      int count = in.getInt();
      List<Content> contents = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        Origin origin = Origin.ALL.get(in.get());
        String path = new String(bytes(in), StandardCharsets.UTF_8);
        contents.add(new Content(path, origin, bytes(in)));
      }
      return new Answer(request, contents);
    }

    private static byte[] bytes(ByteBuffer in) {
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      return bytes;
    }
  }
}
