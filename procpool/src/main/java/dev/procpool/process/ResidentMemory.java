package dev.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much memory a process has in use, where the system tells: on Linux, from {@code /proc}. */
public final class ResidentMemory {

  private ResidentMemory() {}

  /** All of it, files that it has mapped and memory that it shares included. */
  public static OptionalLong of(long pid) {
    return line(pid, "VmRSS:");
  }

  /** What is its own: not the values shared with other workers, which are mapped files. */
  public static OptionalLong ownOf(long pid) {
    OptionalLong own = line(pid, "RssAnon:");
    return own.isPresent() ? own : of(pid); // Linux before 4.5
  }

  private static OptionalLong line(long pid, String name) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (pid <= 0 || !Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // it ended meanwhile
    }
  }
}
