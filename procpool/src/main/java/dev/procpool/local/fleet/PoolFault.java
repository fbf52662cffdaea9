package dev.procpool.local.fleet;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.guard.SafeText;
import dev.procpool.local.launch.WorkerCommand;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.local.settings.WrongOptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says why a pool can't go on, in words that tell a person what to do.
 *
 * @param settings the pool's settings
 * @param worker the worker whose end was one too many
 * @param exit how it ended
 * @param isJvmRefused whether its JVM ended before it came to our code
 * @param isHopeless whether it was not tried again
 * @param isInARow whether the failures followed each other, and not in the window
 */
public record PoolFault(
    PoolSettings settings,
    Worker worker,
    WorkerExit exit,
    boolean isJvmRefused,
    boolean isHopeless,
    boolean isInARow) {

  /** Whether a process that could not be made may be at the next attempt. */
  static boolean mayPass(PoolSettings settings) {
    Path directory = settings.jvm().workingDirectory();
    return Files.isExecutable(WorkerCommand.java(settings.jvm().home()))
        && (directory == null || Files.isDirectory(directory));
  }

  /**
   * No process could be made at all.
   *
   * @param text the cause in words, which a sandbox of the user's may have thrown
   */
  static PoolBrokenException notLaunched(PoolSettings settings, Throwable cause, String text) {
    Path java = WorkerCommand.java(settings.jvm().home());
    Path directory = settings.jvm().workingDirectory();
    String why;
    if (!Files.isExecutable(java)) {
      why = "javaHome is " + settings.jvm().home() + ", which has no bin/java that can be run";
    } else if (directory != null && !Files.isDirectory(directory)) {
      why = "workingDirectory is " + directory + ", which is no directory";
    } else if (cause instanceof WrongOptionException wrong) {
      why = String.valueOf(wrong.getMessage());
    } else {
      why = text + ". Check the limits of memory and processes and the temporary directory";
    }
    return new PoolBrokenException(
        "a worker process of pool '" + settings.name() + "' can't be started: " + why + ".", cause);
  }

  /** The pool's engine has ended before its time. */
  public static PoolBrokenException engineDied(PoolSettings settings, Throwable error) {
    if (error instanceof OutOfMemoryError || SafeText.cause(error) instanceof OutOfMemoryError) {
      return new PoolBrokenException(String.valueOf(withoutMemory(settings).getMessage()), error);
    }
    return new PoolBrokenException(
        "pool '"
            + settings.name()
            + "' is broken: its engine died of "
            + SafeText.of(error)
            + (error instanceof InternalError
                ? ". Was the memory that it shares with its workers taken away?"
                : ". That is a fault of procpool's own; please report it with this stack trace."),
        error);
  }

  /** The program's memory was used up. */
  public static PoolBrokenException withoutMemory(PoolSettings settings) {
    return new PoolBrokenException(
        "pool '"
            + settings.name()
            + "' is broken: this program, which has made it, ran out of memory. "
            + ResultLimit.ADVICE
            + ".",
        null);
  }

  /** The exception if no initializer has said what it threw. */
  PoolBrokenException toException() {
    return toException(null, "");
  }

  /**
   * The exception if the initializer threw.
   *
   * @param cause what it threw; null for nothing
   * @param said the same in words, asked for on a thread that may wait for users' code
   */
  PoolBrokenException toException(@Nullable Throwable cause, String said) {
    StringBuilder text = new StringBuilder();
    text.append("the workers of pool '").append(settings.name()).append("' don't work: ");
    if (cause != null) {
      text.append("the initializer failed with ").append(said);
    } else if (worker.ending().isLate()) {
      text.append("worker process ").append(exit.pid()).append(" did not connect to the pool in ");
      text.append(TimeUnit.MILLISECONDS.convert(settings.limits().startLimit()))
          .append(" ms (startLimit)");
    } else if (worker.wasReady()) {
      text.append(exit.describe()).append(" while it had nothing to do");
    } else if (isJvmRefused) {
      text.append("their JVM does not start with ");
      List<String> inherited = settings.jvm().options().inherited();
      if (settings.jvm().options().chosen().isEmpty() && !inherited.isEmpty()) {
        text.append("the options that it has from this one, ");
        text.append(String.join(" ", inherited));
        text.append(" (inheritJvmOptions(false) keeps them from it),");
      } else {
        text.append("these jvmOptions");
      }
      text.append(" and this class path");
      text.append(!settings.isSandboxed() ? "" : ", or their sandbox does not start it");
    } else {
      text.append(exit.describe());
    }
    if (!isHopeless) {
      text.append("; that was one more than the ").append(settings.limits().restarts());
      long window = TimeUnit.MILLISECONDS.convert(settings.limits().restartWindow());
      text.append(" failures in ").append(isInARow ? "a row" : window + " ms");
      text.append(" that restartIntensity allows");
    }
    List<String> words =
        exit.stderrTail().isEmpty() ? worker.stdout().lines(null) : exit.stderrTail();
    if (!words.isEmpty()) {
      text.append(". The last worker's last words:");
      words.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
    }
    return new PoolBrokenException(text.toString(), cause);
  }
}
