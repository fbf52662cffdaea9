package dev.procpool.codec;

import dev.procpool.RemoteTaskException;
import dev.procpool.guard.SafeText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoded form of exceptions: class name, message and stack as text, then the exception itself
 * if it can be serialized.
 *
 * <p>A cause or suppressed exception that can't be is replaced by a {@link RemoteTaskException}, so
 * that the exception around it still arrives as itself. Foreign code is called, and may throw
 * anything: it is believed nowhere.
 */
final class Throwables {

  /** More causes and suppressed exceptions than that are not looked at one by one. */
  private static final int MAX_PARTS = 64;

  private Throwables() {}

  static void write(Throwable error, ByteOutput out, Codec codec, long maxPayload) {
    int most = (int) Math.min(1 << 18, Math.max(1024, maxPayload / 4));
    ThrowableText text = ThrowableText.of(error, most);
    Leaves.write(text.className(), out);
    Leaves.write(text.message(), out);
    Leaves.write(text.stack(), out);
    int end = out.size();
    try {
      writeObject(error, out, codec);
    } catch (Throwable e) { // out of stack or memory too: the text has to arrive
      out.truncate(end);
    }
  }

  private static void writeObject(Throwable error, ByteOutput out, Codec codec)
      throws CodecException {
    try {
      codec.encode(error, out, withMessages(error));
    } catch (PayloadTooLargeException e) {
      throw e;
    } catch (CodecException e) {
      Map<Object, Object> replacements = replacements(error, codec);
      replacements.putAll(withMessages(error));
      if (!replacements.isEmpty()) {
        codec.encode(error, out, replacements);
      }
    }
  }

  /**
   * Finds the null pointers whose message only this JVM can tell: it is made from the code where
   * they were thrown, when it is asked for, and would not go along.
   */
  private static Map<Object, Object> withMessages(Throwable error) {
    Map<Object, Object> found = Map.of();
    int depth = 0;
    for (Throwable e = error; e != null && depth < MAX_PARTS; e = SafeText.cause(e), depth++) {
      if (e.getClass() == NullPointerException.class && e.getMessage() != null) {
        NullPointerException told = new NullPointerException(e.getMessage());
        told.setStackTrace(e.getStackTrace());
        if (e.getCause() != null) {
          told.initCause(e.getCause());
        }
        for (Throwable suppressed : e.getSuppressed()) {
          told.addSuppressed(suppressed);
        }
        if (found.isEmpty()) {
          found = new IdentityHashMap<>();
        }
        found.put(e, told);
      }
    }
    return found;
  }

  /**
   * Finds which causes and suppressed exceptions can't be serialized, and what to send for them.
   */
  private static Map<Object, Object> replacements(Throwable error, Codec codec) {
    Map<Object, Object> found = new IdentityHashMap<>();
    ByteOutput scratch = new ByteOutput(1024, Long.MAX_VALUE);
    List<Throwable> parts = parts(error);
    for (int i = parts.size() - 1; i > 0; i--) { // causes before what they caused
      Throwable part = parts.get(i);
      try {
        codec.encode(part, scratch, found);
      } catch (CodecException e) {
        found.put(part, ThrowableText.of(part, 1 << 16).toException());
      }
      scratch.reset();
    }
    return found;
  }

  private static List<Throwable> parts(Throwable error) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> parts = new ArrayList<>();
    parts.add(error);
    seen.add(error);
    for (int i = 0; i < parts.size() && parts.size() < MAX_PARTS; i++) {
      Throwable part = parts.get(i);
      Throwable cause = SafeText.cause(part);
      if (cause != null && seen.add(cause)) {
        parts.add(cause);
      }
      for (Throwable suppressed : part.getSuppressed()) {
        if (seen.add(suppressed)) {
          parts.add(suppressed);
        }
      }
    }
    return parts;
  }

  static Throwable read(byte[] bytes, int offset, int length, ClassLoader loader, Codec codec) {
    ThrowableText text = new ThrowableText("(unknown)", "its report was damaged", "");
    try {
      ByteInput in = new ByteInput(bytes, offset, length);
      text = new ThrowableText(readText(in), readText(in), readText(in));
      int size = in.remaining();
      if (size > 0 && codec.decode(bytes, in.take(size), size, loader) instanceof Throwable error) {
        return InitFailure.explained(error);
      }
      return text.toException();
    } catch (Throwable e) { // no class here, damaged, or its own readObject threw
      RemoteTaskException told = text.toException();
      told.addSuppressed(e);
      return told;
    }
  }

  private static @Nullable String readText(ByteInput in) throws CodecException {
    Object text = Leaves.read(in.unsignedByte(), in);
    if (text == null || text instanceof String) {
      return (String) text;
    }
    throw new CodecException("damaged bytes: text is expected, not " + text);
  }
}
