package dev.procpool.testkit.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file in which items record their start and end, so that no crash of a worker loses it: each
 * line is one write at the file's end, and a process's death does not take back a write.
 *
 * @param path the file
 */
record Ledger(Path path) {

  /**
   * One line.
   *
   * @param nanos when, by {@link System#nanoTime()}, which is the same clock in all processes; 0 if
   *     nobody knows
   */
  record Entry(boolean isStart, int call, int item, int attempt, long pid, long nanos) {

    /** Whether this is of the same attempt at an item, in the same process. */
    boolean isOfSameRun(Entry other) {
      return call == other.call
          && item == other.item
          && attempt == other.attempt
          && pid == other.pid;
    }
  }

  /** Appends a line. Not by a channel: an interrupted thread would close that. */
  static void append(String path, Entry entry) throws IOException {
    String line =
        (entry.isStart ? "S " : "E ")
            + entry.call
            + " "
            + entry.item
            + " "
            + entry.attempt
            + " "
            + entry.pid
            + " "
            + entry.nanos
            + "\n";
    try (FileOutputStream out = new FileOutputStream(path, true)) {
      out.write(line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        String[] part = line.split(" ", -1);
        entries.add(
            new Entry(
                part[0].equals("S"),
                Integer.parseInt(part[1]),
                Integer.parseInt(part[2]),
                Integer.parseInt(part[3]),
                Long.parseLong(part[4]),
                part.length > 5 ? Long.parseLong(part[5]) : 0));
      }
    }
    return entries;
  }
}
