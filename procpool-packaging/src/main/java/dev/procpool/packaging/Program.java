package dev.procpool.packaging;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.BackendPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Uses a pool as programs do: lambdas, a record, a private class, a resource and a library; and a
 * backend of its own.
 */
public final class Program {

  private Program() {}

  private record Cell(String text, int length) implements Serializable {}

  /** What each worker makes once. */
  private static final class Unit {
    final String name = readUnit();
  }

  /**
   * Runs it.
   *
   * @param args none
   * @throws Exception if something does not work
   */
  public static void main(String[] args) throws Exception {
    try (Pool pool =
        ProcessPool.builder()
            .workers(2)
            .initializer(() -> WorkerContext.current().setState(Unit.class, new Unit()))
            .build()) {
      int extra = 10;
      System.out.println("lambda " + pool.map(x -> x + extra, List.of(1, 2)));
      System.out.println("library " + pool.map(Program::cells, List.of("a,bc", "def")));
      System.out.println(
          "resource "
              + pool.starmap(
                  (a, b) -> a * b + WorkerContext.current().state(Unit.class).name,
                  List.of(Args.of(2, 3), Args.of(4, 5))));
      System.out.println("other thread " + onACommonThread(pool));
      System.out.println("long call " + pool.apply(Program::longCall));
      try {
        pool.apply(Program::fail);
      } catch (ExecutionException e) {
        System.out.println("failure " + e.getCause().getClass().getSimpleName());
      }
    }
    try (Pool pool = BackendPool.of("direct", new DirectBackend(), OnClose.JOIN)) {
      System.out.println("backend " + pool.map(x -> x + 1, List.of(1, 2)));
    }
  }

  private static List<Cell> cells(String line) {
    return CsvReader.builder().ofCsvRecord(line).stream()
        .flatMap(row -> row.getFields().stream())
        .map(text -> new Cell(text, text.length()))
        .toList();
  }

  /** A thread that waits for more than a second looks what it waits for. */
  private static int longCall() throws InterruptedException {
    Thread.sleep(1500);
    return 1;
  }

  /** The threads of the common pool have the system's class loader for context. */
  private static List<Cell> onACommonThread(Pool pool) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return pool.apply(Program::cells, "xyz");
              } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
              }
            })
        .join();
  }

  private static String readUnit() {
    try (InputStream in = Program.class.getResourceAsStream("unit.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object fail() throws OddException {
    throw new OddException("odd");
  }

  private static final class OddException extends Exception {
    private static final long serialVersionUID = 1L;

    OddException(String message) {
      super(message);
    }
  }
}
