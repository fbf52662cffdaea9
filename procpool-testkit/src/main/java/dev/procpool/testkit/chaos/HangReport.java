package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What there is to see when something waits that should not: the threads here and in workers. */
final class HangReport {

  private static final long DUMP_SECONDS = 10;

  private HangReport() {}

  /** Describes the pool, this JVM's threads, and the processes of the pool with their threads. */
  static String of(Pool pool) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("the pool's workers:%n"));
    for (WorkerInfo worker : pool.workers()) {
      text.append(String.format("  %s%n", worker));
    }
    text.append(threads());
    ProcessHandle.current().children().forEach(child -> text.append(process(child)));
    return text.toString();
  }

  /** The threads of this JVM. */
  static String threads() {
    StringBuilder text = new StringBuilder(String.format("threads of this process:%n"));
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              text.append(String.format("\"%s\" %s%n", thread.getName(), thread.getState()));
              for (StackTraceElement frame : stack) {
                text.append(String.format("    at %s%n", frame));
              }
            });
    return text.toString();
  }

  private static String process(ProcessHandle process) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("process %d, %s%n", process.pid(), state(process.pid())));
    Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
    if (!Files.isExecutable(jstack)) {
      return text.append(String.format("  no jstack here%n")).toString();
    }
    try {
      Path out = Files.createTempFile("threads-", ".txt");
      Process dump =
          new ProcessBuilder(jstack.toString(), Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!dump.waitFor(DUMP_SECONDS, TimeUnit.SECONDS)) {
        dump.destroyForcibly(); // it is stopped, or has no moment for it
        text.append(String.format("  did not show its threads in %d s%n", DUMP_SECONDS));
      }
      text.append(Files.readString(out));
      Files.delete(out);
    } catch (IOException e) {
      text.append(String.format("  %s%n", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text.toString();
  }

  /** The system's word for what it does: running, sleeping, stopped. */
  private static String state(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("State:"))
          .findFirst()
          .orElse("of unknown state");
    } catch (IOException e) {
      return "gone";
    }
  }
}
