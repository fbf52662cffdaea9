package dev.procpool.codec;

import dev.procpool.guard.SafeText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A static initializer that threw, as the JVM reports it: the first time without the class or the
 * cause in the message, every time after as if the class were missing. Here both say the same.
 */
public final class InitFailure {

  private static final String LATER = "Could not initialize class ";
  private static final String INITIALIZER = "<clinit>";
  private static final String OURS = "dev.procpool.";

  private static final int MAX_KNOWN = 64;

  /**
   * Why static initializers failed, by class, as it was met first: the JVM does not keep the
   * message of a null pointer. Guarded by itself.
   */
  private static final Map<String, String> KNOWN =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  /** How far causes are followed. */
  private static final int MAX_CAUSES = 64;

  private InitFailure() {}

  /**
   * Says which static initializer failed, and why.
   *
   * @param error what was thrown
   * @return the words; null if it does not come from a static initializer
   */
  public static @Nullable String describe(Throwable error) {
    int depth = 0;
    for (Throwable e = error; e != null && depth < MAX_CAUSES; e = SafeText.cause(e), depth++) {
      String text = describeOne(e, "");
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  /**
   * Gives an error that a task or an initializer has thrown, of the same class, with a message that
   * says what failed and why. Anything else is given as it is.
   *
   * @param error what was thrown
   * @return the error to tell
   */
  public static Throwable explained(Throwable error) {
    boolean isFirst = error.getClass() == ExceptionInInitializerError.class;
    boolean isLater =
        error.getClass() == NoClassDefFoundError.class
            && String.valueOf(error.getMessage()).startsWith(LATER);
    String text = isFirst || isLater ? describeOne(error, " in the worker") : null;
    if (text == null) {
      return error;
    }
    Error told = isFirst ? new First(text, error.getCause()) : new NoClassDefFoundError(text);
    if (isLater && error.getCause() != null) {
      told.initCause(error.getCause());
    }
    told.setStackTrace(error.getStackTrace());
    for (Throwable suppressed : error.getSuppressed()) {
      told.addSuppressed(suppressed);
    }
    return told;
  }

  private static @Nullable String describeOne(Throwable error, String where) {
    Throwable cause = SafeText.cause(error);
    String name = null;
    String why = null;
    if (error instanceof First told) {
      return told.text;
    } else if (error instanceof ExceptionInInitializerError) {
      name = cause == null ? null : initialized(cause);
      name = name == null ? initialized(error) : name;
      why = cause == null ? String.valueOf(SafeText.message(error)) : SafeText.of(cause);
      note(name, why);
    } else if (error instanceof NoClassDefFoundError) {
      String message = String.valueOf(SafeText.message(error));
      if (message.startsWith(LATER)) {
        name = message.substring(LATER.length());
        why = known(name, cause == null ? "it had failed before" : remembered(cause));
      }
    }
    if (why == null && error instanceof Error) {
      name = initialized(error); // an error goes through a static initializer as it is
      why = SafeText.of(error);
    }
    if (name == null || why == null) {
      return null;
    }
    return "the static initializer of class "
        + name
        + " failed"
        + where
        + ": "
        + why
        + "; it runs once in every process, and what it reads must be there in each: system"
        + " properties of this program, for example, are not set in workers unless jvmOptions sets"
        + " them";
  }

  private static void note(@Nullable String name, String why) {
    if (name != null && why.length() < 4096) {
      synchronized (KNOWN) {
        KNOWN.putIfAbsent(name, why);
      }
    }
  }

  /** Gives what was met first if the JVM's memory is the beginning of it. */
  private static String known(String name, String remembered) {
    synchronized (KNOWN) {
      String first = KNOWN.get(name);
      return first != null && first.startsWith(remembered) ? first : remembered;
    }
  }

  /** What the JVM remembers of the first failure: "Exception CLASS: MESSAGE [in thread NAME]". */
  private static String remembered(Throwable cause) {
    String text = SafeText.message(cause);
    if (!(cause instanceof ExceptionInInitializerError) || text == null) {
      return SafeText.of(cause);
    }
    int end = text.lastIndexOf(" [in thread ");
    String prefix = "Exception ";
    return text.startsWith(prefix) && end > 0 ? text.substring(prefix.length(), end) : text;
  }

  /** The class whose static initializer an error came out of; null if it came out of none. */
  private static @Nullable String initialized(Throwable error) {
    for (StackTraceElement frame : SafeText.stackTrace(error)) {
      if (frame.getMethodName().equals(INITIALIZER)) {
        return frame.getClassName();
      } else if (frame.getClassName().startsWith(OURS + "codec.")
          || frame.getClassName().startsWith(OURS + "worker.")
          || frame.getClassName().startsWith(OURS + "inline.")) {
        return null; // further out it may be one that called the pool
      }
    }
    return null;
  }

  /** The first failure, which the JVM's own class can't give both a message and a cause. */
  private static final class First extends ExceptionInInitializerError {

    private static final long serialVersionUID = 1L;

    private final String text;

    First(String text, @Nullable Throwable cause) {
      super(cause);
      this.text = text;
    }

    @Override
    public String getMessage() {
      return text;
    }

    @Override
    public String toString() {
      return ExceptionInInitializerError.class.getName() + ": " + text;
    }
  }
}
