package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

public class WorkerState {
  static String hash(String text) {
    MessageDigest digest = WorkerContext.current().state(MessageDigest.class);
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 4);
  }

  public static void main(String[] args) throws Exception {
    String algorithm = "SHA-256";
    try (Pool pool =
        ProcessPool.builder()
            .workers(2)
            .initializer(
                () ->
                    WorkerContext.current()
                        .setState(MessageDigest.class, MessageDigest.getInstance(algorithm)))
            .maxTasksPerWorker(1000)
            .build()) {
      System.out.println(pool.map(WorkerState::hash, List.of("a", "b", "a")));
    }
  }
}
// endregion
