package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.function.Args;
import dev.procpool.inline.InlinePool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Section 10 of the contract: what calls take along of who makes them. */
public abstract class ContextContract extends ContractTest {

  private static final Map<String, String> REQUEST = Map.of("request", "r-17", "user", "ü");

  /** For subclasses. */
  protected ContextContract() {}

  private static Pool with(Pool pool, Map<String, String> context) {
    return pool.with(TaskOptions.defaults().context(context));
  }

  private static Map<String, String> context() {
    return WorkerContext.current().context();
  }

  private static String note() {
    return String.valueOf(NoteCarrier.note());
  }

  @AfterEach
  final void clearNote() {
    NoteCarrier.set(null);
  }

  @Test
  void everyCallTakesItsPairsAlong() throws Exception {
    Pool pool = with(pool(2), REQUEST);
    assertThat(pool.apply(ContextContract::context)).isEqualTo(REQUEST);
    Map<String, String> ofOne = pool.apply(x -> context(), 1);
    assertThat(ofOne).isEqualTo(REQUEST);
    assertThat(pool.map(x -> context(), List.of(1, 2))).containsExactly(REQUEST, REQUEST);
    assertThat(pool.starmap((a, b) -> context(), List.of(Args.of(1, 2)))).containsExactly(REQUEST);
    assertThat(pool.imap(x -> context(), List.of(1)).next()).isEqualTo(REQUEST);
    assertThat(pool.imapUnordered(x -> context(), List.of(1)).next()).isEqualTo(REQUEST);
    FileLog log = log("seen");
    pool.forEach(x -> log.add(String.valueOf(context().get("request"))), List.of(1));
    assertThat(log.lines()).containsExactly("r-17");
  }

  @Test
  void aCallThatSaysNothingHasNoPairs() throws Exception {
    Pool pool = pool(1);
    assertThat(with(pool, REQUEST).apply(ContextContract::context)).isEqualTo(REQUEST);
    assertThat(pool.apply(ContextContract::context)).isEmpty();
    assertThat(pool.map(x -> context(), List.of(1, 2))).containsExactly(Map.of(), Map.of());
  }

  @Test
  void thePairsAreThoseOfTheOptionsAndStay() throws Exception {
    Map<String, String> pairs = new HashMap<>(Map.of("a", "1"));
    TaskOptions options = TaskOptions.defaults().context(pairs);
    pairs.put("a", "2");
    assertThat(options.context()).isEqualTo(Map.of("a", "1"));
    assertThat(options.label("x").timeout(BOUND).context()).isEqualTo(Map.of("a", "1"));
    assertThat(pool(1).with(options).apply(ContextContract::context)).isEqualTo(Map.of("a", "1"));
    assertThatThrownBy(() -> options.context(Collections.singletonMap("a", null)))
        .isInstanceOf(NullPointerException.class);
    assertThat(options.toString()).as("values may be secret").doesNotContain("1").contains("a");
  }

  @Test
  void anItemCantChangeThem() throws Exception {
    Pool pool = with(pool(1), REQUEST);
    MapResult<String> result = pool.mapAsync(x -> context().put("request", "other"), List.of(1));
    assertThat(result.outcomes().get(0).failure())
        .containsInstanceOf(UnsupportedOperationException.class);
    assertThat(pool.apply(ContextContract::context)).isEqualTo(REQUEST);
  }

  @Test
  void eachAttemptHasThem() throws Exception {
    FileLog log = log("attempts");
    TaskOptions options = TaskOptions.defaults().context(REQUEST).retry(RetryPolicy.attempts(3));
    Outcome<Integer> outcome =
        pool(1)
            .with(options)
            .<Integer, Integer>mapAsync(
                x -> {
                  log.add(String.valueOf(context().get("request")));
                  throw new IllegalStateException("fails");
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(outcome.isSuccess()).isFalse();
    assertThat(log.lines()).containsExactly("r-17", "r-17", "r-17");
  }

  @Test
  void aCallOfATaskTakesThemOn() throws Exception {
    Pool pool = with(pool(1), REQUEST);
    Map<String, String> inner =
        pool.apply(
            () -> {
              try (Pool nested = InlinePool.create(1)) {
                return nested.apply(ContextContract::context);
              }
            });
    assertThat(inner).isEqualTo(REQUEST);
    Map<String, String> other =
        pool.apply(
            () -> {
              try (Pool nested = InlinePool.create(1)) {
                return with(nested, Map.of("request", "r-18")).apply(ContextContract::context);
              }
            });
    assertThat(other).isEqualTo(Map.of("request", "r-18", "user", "ü"));
  }

  @Test
  void aCallOfACallbackTakesThemOn() throws Exception {
    Pool pool = pool(1);
    CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
    with(pool, REQUEST)
        .applyAsync(() -> 1)
        .onSuccess(
            value -> {
              try {
                seen.complete(pool.applyAsync(ContextContract::context).get(BOUND));
              } catch (Exception e) {
                seen.completeExceptionally(e);
              }
            });
    assertThat(seen.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo(REQUEST);
    assertThat(pool.apply(ContextContract::context)).isEmpty();
  }

  @Test
  void whatACarrierCapturesIsRestoredAroundEachItem() throws Exception {
    Pool pool = pool(1);
    NoteCarrier.set("from the caller");
    AsyncResult<List<String>> result = pool.mapAsync(x -> note(), List.of(1, 2, 3));
    NoteCarrier.set("later");
    assertThat(result.get(BOUND)).containsOnly("from the caller");
    NoteCarrier.set(null);
    assertThat(pool.map(x -> note(), List.of(1))).as("it was put back").containsExactly("null");
  }

  @Test
  void whatAnItemLeavesIsNoNextItems() throws Exception {
    Pool pool = pool(1);
    NoteCarrier.set("the call's");
    List<String> seen =
        pool.withChunkSize(3)
            .map(
                x -> {
                  String found = note();
                  NoteCarrier.set("the item's own");
                  return found;
                },
                List.of(1, 2, 3));
    assertThat(seen).containsOnly("the call's");
    NoteCarrier.set(null);
    assertThat(pool.apply(ContextContract::note)).isEqualTo("null");
  }

  @Test
  void callbacksHaveWhatWasCaptured() throws Exception {
    Pool pool = pool(1);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> last = new CompletableFuture<>();
    NoteCarrier.set("from the caller");
    MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1));
    NoteCarrier.set(null);
    result.onOutcome(outcome -> seen.add(note()));
    result.onSuccess(values -> seen.add(note()));
    result.onSuccess(values -> last.complete(null));
    CompletableFuture<String> future = result.toCompletableFuture().thenApply(values -> note());
    last.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(seen).containsExactly("from the caller", "from the caller");
    assertThat(future.get(BOUND.toSeconds(), TimeUnit.SECONDS))
        .as("unless the future was there before its dependent")
        .isIn("from the caller", "null");
  }

  @Test
  void aCarrierThatThrowsCostsNoCall() throws Exception {
    Pool pool = pool(1);
    for (String note :
        List.of(NoteCarrier.NOT_CAPTURED, NoteCarrier.NOT_RESTORED, NoteCarrier.NOT_ENDED)) {
      NoteCarrier.set(note);
      assertThat(pool.map(x -> x + 1, List.of(1, 2))).as(note).containsExactly(2, 3);
      CompletableFuture<Integer> called = new CompletableFuture<>();
      pool.applyAsync(() -> 3).onSuccess(called::complete);
      assertThat(called.get(BOUND.toSeconds(), TimeUnit.SECONDS)).as(note).isEqualTo(3);
    }
    NoteCarrier.set(null);
    assertThat(pool.apply(ContextContract::note)).isEqualTo("null");
  }
}
