package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.Map;

public class RequestContext {
  static String render(String page) {
    return WorkerContext.current().context().get("request") + ": " + page;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      Pool ofRequest = pool.with(TaskOptions.defaults().context(Map.of("request", "r-17")));
      System.out.println(ofRequest.map(RequestContext::render, List.of("title", "index")));
    }
  }
}
// endregion
