package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class WorkerLines {
  static void print(WorkerOutput.Line line) {
    String item =
        line.item()
            .map(i -> i.label().orElse("call " + i.call()) + "[" + i.index() + "]")
            .orElse("-");
    System.out.println("worker " + line.workerNumber() + ", " + item + ": " + line.text());
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.builder().workers(1).output(WorkerLines::print).build()) {
      pool.with(TaskOptions.defaults().label("import"))
          .forEach(name -> System.out.println("reading " + name), List.of("a.csv", "b.csv"));
    }
  }
}
// endregion
