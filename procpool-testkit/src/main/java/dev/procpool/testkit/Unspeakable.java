package dev.procpool.testkit;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** An exception whose own code throws when it is asked what it is. */
public final class Unspeakable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What it answers with. */
  public enum Answer {
    /** An exception. */
    EXCEPTION,
    /** An error. */
    ERROR,
    /** A stack used up. */
    OVERFLOW
  }

  /** What it answers with. */
  private final Answer answer;

  /**
   * Makes the exception.
   *
   * @param answer what it answers with
   */
  public Unspeakable(Answer answer) {
    this.answer = answer;
  }

  /**
   * Throws what an answer is.
   *
   * @param answer which
   * @return never
   */
  public static int answer(Answer answer) {
    return switch (answer) {
      case EXCEPTION -> throw new IllegalStateException("unspeakable");
      case ERROR -> throw new AssertionError("unspeakable");
      case OVERFLOW -> overflow(0);
    };
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : overflow(depth + 1) + 1;
  }

  @Override
  public String toString() {
    return "" + answer(answer);
  }

  @Override
  public String getMessage() {
    return "" + answer(answer);
  }

  @Override
  public synchronized @Nullable Throwable getCause() {
    answer(answer);
    return null;
  }

  @Override
  public StackTraceElement[] getStackTrace() {
    answer(answer);
    return new StackTraceElement[0];
  }

  @Override
  public int hashCode() {
    return answer(answer);
  }

  @Override
  public boolean equals(Object other) {
    return answer(answer) == 0;
  }

  @Override
  public void printStackTrace(PrintStream out) {
    answer(answer);
  }

  @Override
  public void printStackTrace(PrintWriter out) {
    answer(answer);
  }
}
