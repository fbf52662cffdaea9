package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.ExecutionException;

public class FilteredResults {
  record Expected(int value) implements Serializable {}

  record Surprise(int value) implements Serializable {}

  static Object parse(int number) {
    return number < 3 ? new Expected(number) : new Surprise(number);
  }

  public static void main(String[] args) throws Exception {
    var filter =
        ObjectInputFilter.Config.createFilter(
            "maxdepth=20;maxrefs=10000;" + Expected.class.getName() + ";java.lang.*;!*");
    try (Pool pool = ProcessPool.builder().workers(2).resultFilter(filter).build()) {
      System.out.println(pool.map(FilteredResults::parse, List.of(1, 2)));
      try {
        pool.map(FilteredResults::parse, List.of(1, 2, 3));
      } catch (ExecutionException e) {
        System.out.println(e.getCause().getMessage());
      }
    }
  }
}
// endregion
