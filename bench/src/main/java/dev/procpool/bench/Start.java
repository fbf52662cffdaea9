package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long it takes from nothing to the first result of two workers, each time in a fresh JVM: with
 * an empty cache folder, as the very first time, and with one that an earlier program has filled.
 */
final class Start {

  private static final long FILLING_SECONDS = 20;

  private Start() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    double bare = Rounds.median(1, options.rounds(), Start::bareMillis);
    Path cache = Files.createTempDirectory("bench-");
    try {
      double first =
          Rounds.median(
              0,
              options.rounds(),
              () -> {
                empty(cache);
                return millis(cache, 0);
              });
      empty(cache);
      millis(cache, FILLING_SECONDS);
      double warm = Rounds.median(1, options.rounds(), () -> millis(cache, 0));
      row(table, peers, "the very first time", first, bare).reach(200);
      row(table, peers, "with a warm cache", warm, bare).reach(100);
    } finally {
      empty(cache);
      Files.delete(cache);
    }
  }

  private static Table.Subject row(
      Table table, Peers peers, String when, double millis, double bare) {
    return table
        .ours("nothing to first result, 2 workers, " + when, "ms", Table.Better.LOWER, millis)
        .beside(peers.pythonName() + ", fork", peers.python("start fork"))
        .beside(peers.pythonName() + ", spawn", peers.python("start spawn"))
        .beside(peers.nodeName(), peers.node("start"))
        .beside("limit: a bare JVM", bare);
  }

  private static double millis(Path cache, long lingerSeconds) throws IOException {
    String told =
        Peers.runJvm(
                List.of("-Duser.home=" + cache),
                Map.of("XDG_CACHE_HOME", cache.toString(), "HOME", cache.toString()),
                Program.class,
                Long.toString(lingerSeconds))
            .get("millis");
    if (told == null) {
      throw new IOException("the program that starts a pool has failed");
    }
    return Double.parseDouble(told);
  }

  private static double bareMillis() throws IOException {
    long begin = System.nanoTime();
    Process process = Peers.jvm(List.of(), BareJvm.class).start();
    try (BufferedReader out = process.inputReader()) {
      out.readLine();
      return (System.nanoTime() - begin) / 1e6;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Empties the folder; somebody may still be at work in it. */
  private static void empty(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Starts a pool and tells how long it took; may then stay, for work in the background. */
  static final class Program {

    private Program() {}

    public static void main(String[] args) throws Exception {
      long begin = System.nanoTime();
      try (Pool pool = ProcessPool.create(2)) {
        pool.apply(Work::add, 1, 0.5);
        System.out.println("millis " + (System.nanoTime() - begin) / 1e6);
        TimeUnit.SECONDS.sleep(Long.parseLong(args[0]));
      }
    }
  }
}
