package dev.procpool.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.ThreadContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the caller's thread has in its diagnostic context, its items have too. */
class CallerContextTest {

  @AfterEach
  void clear() {
    MDC.clear();
    ThreadContext.clearMap();
  }

  @Test
  void itemsHaveTheMdcOfTheirCall() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      check(pool);
    }
  }

  @Test
  void itemsOfAnInlinePoolHaveIt() throws Exception {
    try (Pool pool = InlinePool.create(1)) {
      check(pool);
    }
  }

  private static void check(Pool pool) throws Exception {
    MDC.put("request", "r-17");
    ThreadContext.put("user", "u-4");
    List<String> seen =
        pool.withChunkSize(2)
            .map(
                x -> {
                  String found = MDC.get("request") + " " + ThreadContext.get("user");
                  MDC.put("request", "the item's own");
                  ThreadContext.put("user", "the item's own");
                  return found;
                },
                List.of(1, 2));
    assertThat(seen).containsExactly("r-17 u-4", "r-17 u-4");
    CompletableFuture<String> called = new CompletableFuture<>();
    pool.applyAsync(() -> 1).onSuccess(x -> called.complete(MDC.get("request")));
    assertThat(called.get(1, TimeUnit.MINUTES)).isEqualTo("r-17");
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "r-17"));
    MDC.clear();
    ThreadContext.clearMap();
    assertThat(pool.apply(() -> "" + MDC.get("request") + ThreadContext.get("user")))
        .isEqualTo("nullnull");
  }
}
