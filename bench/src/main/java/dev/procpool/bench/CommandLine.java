package dev.procpool.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an item costs on the command line: processor time of launcher and workers together, from the
 * start to the end, divided by the items; beside Python's pool on the same rows. And a whole run of
 * one item beside {@code java} on the same source file.
 */
final class CommandLine {

  private static final String SOURCE =
      """
      public class Sample {
        public static int length(String line) {
          return line.length();
        }

        public static double price(int quantity, double rate) {
          return quantity * rate;
        }

        public static void main(String[] args) {
          System.out.println(length(args[0]));
        }
      }
      """;

  private CommandLine() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    int items = options.pick(500_000, 2_000_000);
    int rounds = options.pick(1, 3);
    Path folder = Files.createTempDirectory("bench-");
    try {
      Path source = Files.writeString(folder.resolve("Sample.java"), SOURCE);
      Path lines = folder.resolve("rows.txt");
      Path csv = folder.resolve("rows.csv");
      write(lines, csv, items);
      String[] single = procpool("map", source + "::length", ":::", "abc");
      cpuSeconds(single);
      cpuSeconds(single); // the second run makes the archive
      perItem(
          table.ours(
              "command line, a line an item, " + items / 1000 + " thousand, processor time",
              "µs",
              Table.Better.LOWER,
              median(rounds, items, procpool("map", source + "::length", lines.toString()))),
          peers,
          median(rounds, items, python("lines", lines)));
      String[] starmap = procpool("starmap", source + "::price", csv.toString(), "--header");
      perItem(
          table.ours("a CSV row an item", "µs", Table.Better.LOWER, median(rounds, items, starmap)),
          peers,
          median(rounds, items, python("csv", csv)));
      String[] plain = {java(), source.toString(), "abc"};
      double run = median(options.rounds(), 1000, single);
      table
          .ours("a whole run of one item, processor time", "ms", Table.Better.LOWER, run)
          .beside("java on the same source", median(options.rounds(), 1000, plain));
    } finally {
      for (String name : List.of("Sample.java", "rows.txt", "rows.csv")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  private static void perItem(Table.Subject subject, Peers peers, double python) {
    subject.beside(peers.pythonName() + ", imap, chunks of 1000", python).reach(5);
  }

  private static void write(Path lines, Path csv, int items) throws IOException {
    try (BufferedWriter line = Files.newBufferedWriter(lines);
        BufferedWriter row = Files.newBufferedWriter(csv)) {
      row.write("quantity,rate\n");
      for (int i = 0; i < items; i++) {
        line.write("line " + i + "\n");
        row.write(i + "," + i % 100 / 10.0 + "\n");
      }
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String[] procpool(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Path.of("bin/procpool").toString()));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private static String[] python(String kind, Path rows) {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    return new String[] {python, "bench/peers/rows.py", kind, rows.toString()};
  }

  /** Microseconds of processor time an item; not a number if the program does not run. */
  private static double median(int rounds, int items, String... command) throws Exception {
    return Rounds.median(0, rounds, () -> cpuSeconds(command) * 1e6 / items);
  }

  /** The processor time of a program and of all that it has waited for, as the shell tells it. */
  private static double cpuSeconds(String... command) throws IOException {
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/null 2>&1 && times", "sh"));
    shell.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(shell);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> told = process.inputReader().lines().toList(); // the shell's own, its children's
    return told.size() < 2
        ? Double.NaN
        : Stream.of(told.get(1).split(" ", -1)).mapToDouble(CommandLine::seconds).sum();
  }

  /** Reads {@code 1m2.34s}. */
  private static double seconds(String time) {
    int minutes = time.indexOf('m');
    return Integer.parseInt(time.substring(0, minutes)) * 60.0
        + Double.parseDouble(time.substring(minutes + 1, time.length() - 1));
  }
}
