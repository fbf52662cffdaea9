package dev.procpool.cli.task;

import dev.procpool.cli.message.CauseText;
import dev.procpool.codec.InitFailure;
import dev.procpool.guard.SafeText;

/**
 * The target could not be made ready in a worker. Has the words and the stack trace of what the
 * target's own code threw, but not the exception itself, whose class may be unknown elsewhere.
 */
public final class TargetFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private TargetFailedException(String name, String what, Throwable thrown) {
    super(name + " can't be made ready in a worker: " + what);
    setStackTrace(SafeText.stackTrace(thrown));
  }

  /** The constructor without parameters threw. */
  static TargetFailedException constructor(String className, Throwable thrown) {
    return threw(className, "its constructor threw ", thrown);
  }

  /** What {@code --init} names threw. */
  static TargetFailedException init(String method, Throwable thrown) {
    return threw(method, "it threw ", thrown);
  }

  private static TargetFailedException threw(String name, String what, Throwable thrown) {
    Throwable told = InitFailure.explained(thrown);
    return new TargetFailedException(
        name, what + SafeText.of(told) + CauseText.of(innermost(thrown)), innermost(thrown));
  }

  /** The class, or one that it needs, could not be loaded or initialized. */
  static TargetFailedException initialization(String className, Throwable thrown) {
    String told = InitFailure.describe(thrown);
    return new TargetFailedException(
        className,
        (told == null ? "loading it failed with " + SafeText.of(thrown) : told)
            + CauseText.of(innermost(thrown)),
        innermost(thrown));
  }

  /** What a static initializer threw says where, the error around it only who needed the class. */
  private static Throwable innermost(Throwable thrown) {
    Throwable cause = SafeText.cause(thrown);
    return thrown instanceof ExceptionInInitializerError && cause != null ? cause : thrown;
  }
}
