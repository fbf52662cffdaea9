package dev.procpool.local.result;

import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;
import java.io.ObjectInputFilter;
import java.util.List;

/**
 * Reads the stacks that workers send. What carries one is a plain exception and nothing else, so
 * that no class of anybody's gets to run, on whatever thread.
 */
public final class Stacks {

  private static final Codec CODEC =
      new Codec(
          ObjectInputFilter.Config.createFilter(
              "maxdepth=16;java.lang.Throwable;java.lang.StackTraceElement;java.lang.String;"
                  + "java.lang.Object;java.util.ArrayList;java.util.Collections$*;!*"),
          Integer.MAX_VALUE);

  private Stacks() {}

  /** Reads one. */
  public static List<StackTraceElement> read(byte[] payload) {
    ClassLoader own = Stacks.class.getClassLoader();
    return List.of(SafeText.stackTrace(CODEC.decodeThrowable(payload, 0, payload.length, own)));
  }
}
