package dev.procpool.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object stream that writes one object and notes its parts without descending. It tells what
 * serialization would visit where reflection may not look: in lambdas and in other modules.
 */
final class ShallowOutput extends ObjectOutputStream {

  private final Object object;
  private final List<Object> parts = new ArrayList<>();
  private boolean started;
  private @Nullable Object replacement;

  private ShallowOutput(Object object) throws IOException {
    super(OutputStream.nullOutputStream());
    this.object = object;
    enableReplaceObject(true);
  }

  /** Gives the parts of an object, or the one object that it is replaced by. */
  static List<Object> partsOf(Object object) {
    try (ShallowOutput out = new ShallowOutput(object)) {
      try {
        out.writeObject(object);
      } catch (VirtualMachineError e) {
        throw e;
      } catch (Throwable e) {
        // foreign code; what was seen until then is the answer
      }
      return out.replacement == null ? out.parts : List.of(out.replacement);
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  protected @Nullable Object replaceObject(Object seen) {
    if (!started) {
      started = true;
      if (seen != object) {
        replacement = seen;
        return null;
      }
      return seen;
    }
    parts.add(seen);
    return null;
  }
}
