package dev.procpool.testkit;

import dev.procpool.spi.ContextCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries a note that a thread has; for {@link ContextContract}. Found by pools. */
public final class NoteCarrier implements ContextCarrier {

  /** A note that it fails to capture. */
  static final String NOT_CAPTURED = "not captured";

  /** A note that it fails to restore. */
  static final String NOT_RESTORED = "not restored";

  /** A note whose end it fails to put back. */
  static final String NOT_ENDED = "not ended";

  private static final ThreadLocal<String> NOTE = new ThreadLocal<>();

  /** For pools, which make one. */
  public NoteCarrier() {}

  static void set(@Nullable String note) {
    if (note == null) {
      NOTE.remove();
    } else {
      NOTE.set(note);
    }
  }

  /** The current thread's note; null for none. */
  static @Nullable String note() {
    return NOTE.get();
  }

  @Override
  public String name() {
    return "dev.procpool.testkit";
  }

  @Override
  public Map<String, String> capture() {
    if (NOT_CAPTURED.equals(note())) {
      throw new Unspeakable(Unspeakable.Answer.ERROR);
    }
    return note() == null ? Map.of() : Map.of("note", note());
  }

  @Override
  public Scope restore(Map<String, String> context) {
    String note = context.get("note");
    if (NOT_RESTORED.equals(note)) {
      throw new Unspeakable(Unspeakable.Answer.OVERFLOW);
    }
    String before = note();
    set(note);
    return () -> {
      set(before);
      if (NOT_ENDED.equals(note)) {
        throw new Unspeakable(Unspeakable.Answer.EXCEPTION);
      }
    };
  }
}
