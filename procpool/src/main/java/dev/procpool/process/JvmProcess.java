package dev.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the JVM among the processes of a sandbox that does not replace itself by it. On Linux. */
public final class JvmProcess {

  private static final String NAME = "java";

  private JvmProcess() {}

  /** Gives the JVM that a process is, or has started in the end; if it can't be found, the same. */
  public static long of(long pid) {
    long found = pid;
    while (!isJvm(found)) {
      List<ProcessHandle> children =
          ProcessHandle.of(found).map(process -> process.children().toList()).orElse(List.of());
      if (children.size() != 1) {
        return pid;
      }
      found = children.get(0).pid();
    }
    return found;
  }

  private static boolean isJvm(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip().equals(NAME);
    } catch (IOException e) {
      return true; // it has ended, or the system does not tell
    }
  }
}
