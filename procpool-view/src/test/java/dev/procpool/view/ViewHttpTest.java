package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.NoLeftovers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask, what is answered, and what readers can't do to a pool. */
@ExtendWith(NoLeftovers.class)
class ViewHttpTest {

  private static final int MANY = 100_000;

  private final Pool pool = ProcessPool.builder().workers(1).name("watched").build();
  private PoolView view = PoolView.open(pool);
  private Http http = new Http(view);

  @BeforeAll
  static void writeNowhere() {
    System.setProperty(ViewFiles.PROPERTY, "off");
  }

  @AfterEach
  void end() {
    view.close();
    pool.terminate();
    pool.close();
  }

  // ---------------------------------------------------------------- who may ask

  @Test
  void thePageAloneNeedsNoToken() throws Exception {
    Http.Answer page = http.with("Authorization", null).get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("<script type=\"module\" src=\"page.js\">");
    assertThat(page.headers().get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http");
    assertThat(page.headers())
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("cache-control", "no-store")
        .doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void nothingOfThePageIsFromElsewhere() throws Exception {
    for (String file : List.of("/", "/page.css", "/page.js", "/charts.js", "/lanes.js")) {
      assertThat(http.get(file).body())
          .as(file)
          .doesNotContain("https://", "//cdn", "innerHTML", "eval(", "style=\"", "onclick=");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer wrong-token-wrong-token", "Basic dXNlcjpwYXNz"})
  void withoutTheTokenNoDataIsGiven(String authorization) throws Exception {
    Http stranger = http.with("Authorization", authorization.isEmpty() ? null : authorization);
    for (String path : List.of("/api/state", "/api/stream?pool=0", "/api/nothing")) {
      Http.Answer answer = stranger.get(path);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.body()).doesNotContain("watched").contains("the URL that the program gave");
    }
    assertThat(stranger.post("/api/resize?workers=3").status()).isEqualTo(401);
    String half = Http.token(view.url()).substring(1);
    assertThat(http.with("Authorization", "Bearer " + half).get("/api/state").status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:1234, 200",
    "127.0.0.1:80, 200",
    "[::1]:8080, 200",
    "evil.example, 421",
    "evil.example:8080, 421",
    "localhost.evil.example, 421",
    "127.0.0.1.evil.example, 421",
    "192.168.0.7, 421",
    "'', 421"
  })
  void namesThatOthersCouldPointHereAreRefused(String host, int status) throws Exception {
    assertThat(http.with("Host", host).get("/api/state").status()).isEqualTo(status);
    assertThat(http.with("Host", host).get("/").status()).isEqualTo(status);
  }

  @Test
  void pagesOfOtherSitesAreRefusedThoughTheyHadTheToken() throws Exception {
    String own = "http://" + view.url().getAuthority();
    assertThat(http.with("Origin", own).get("/api/state").status()).isEqualTo(200);
    for (String other : List.of("http://evil.example", "null", "http://127.0.0.1:1", own + "0")) {
      assertThat(http.with("Origin", other).get("/api/state").status()).as(other).isEqualTo(403);
      assertThat(http.with("Origin", other).get("/").status()).as(other).isEqualTo(403);
    }
    assertThat(http.with("Sec-Fetch-Site", "cross-site").get("/api/state").status()).isEqualTo(403);
    assertThat(http.with("Sec-Fetch-Site", "same-site").get("/api/state").status()).isEqualTo(403);
    assertThat(http.with("Sec-Fetch-Site", "same-origin").get("/api/state").status())
        .isEqualTo(200);
    assertThat(http.with("Origin", "http://evil.example").ask("OPTIONS", "/api/state").status())
        .as("a browser's question whether it may")
        .isEqualTo(403);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    for (String path : List.of("/../page.css", "/PoolView.class", "/page.html/", "/api")) {
      assertThat(http.get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(http.get("/api/state?pool=1").status()).isEqualTo(404);
    assertThat(http.get("/api/state?pool=-1").status()).isEqualTo(404);
    assertThat(http.get("/api/state?pool=x").status()).isEqualTo(404);
    assertThat(http.post("/api/state").status()).isEqualTo(405);
    assertThat(http.post("/").status()).isEqualTo(405);
  }

  @Test
  void aViewThatOnlyShowsDoesNothing() throws Exception {
    for (String action : List.of("resize?workers=2", "cancel?call=1", "kill?worker=0&pid=1")) {
      Http.Answer answer = http.post("/api/" + action);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("allowActions(true)");
    }
    assertThat(pool.stats().targetWorkers()).isEqualTo(1);
  }

  @Test
  void itListensOnLoopbackUnlessToldOtherwise() {
    assertThat(view.url().getHost()).isEqualTo("127.0.0.1");
    assertThat(view.toString()).doesNotContain(Http.token(view.url()));
  }

  @Test
  void optionsThatCantBeAreRefused() {
    PoolView.Builder builder = PoolView.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.port(70_000))
        .withMessage("port must be from 0 to 65535, was 70000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.token("short"))
        .withMessageContaining("16 to 512 characters")
        .withMessageNotContaining("short");
    assertThatThrownBy(() -> PoolView.builder().port(view.url().getPort()).open())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("port " + view.url().getPort());
  }

  // ---------------------------------------------------------------- what is answered

  @Test
  void theStateHasWhatThePoolDoes() throws Exception {
    pool.map(x -> x, List.of(1, 2, 3));
    JsonNode state = until("its items are counted", s -> ok(s) == 3);
    JsonNode told = state.get("pool");
    assertThat(told.get("name").asText()).isEqualTo("watched");
    assertThat(told.get("state").asText()).isEqualTo("RUNNING");
    assertThat(told.get("totals").get("items").get("ok").asInt()).isEqualTo(3);
    JsonNode worker = state.get("workers").get(0);
    assertThat(worker.get("pid").asLong()).isEqualTo(pool.workers().get(0).pid());
    assertThat(worker.get("memory").asLong()).isPositive();
    assertThat(state.get("actions").asBoolean()).isFalse();
  }

  @Test
  void aStreamTellsEachTick() throws Exception {
    try (Socket socket = http.open("GET", "/api/stream")) {
      InputStream in = socket.getInputStream();
      long next = 0;
      for (int i = 0; i < 4; i++) {
        JsonNode message = Http.message(in);
        assertThat(message.get("first").asLong()).isEqualTo(next);
        next = message.get("tick").asLong() + 1;
      }
    }
  }

  @Test
  void aReaderThatTakesNothingHoldsUpNobody() throws Exception {
    try (Socket deaf = http.open("GET", "/api/stream")) { // and is not read
      assertThat(pool.map(x -> x, IntStream.range(0, MANY).boxed().toList())).hasSize(MANY);
      JsonNode state = until("all are counted", s -> ok(s) == MANY);
      assertThat(state.get("pool").get("missed").asLong()).isZero();
      assertThat(Http.message(deaf.getInputStream()).get("first").asLong()).isZero();
    }
  }

  @Test
  void thereAreNoMoreReadersThanPlaces() throws Exception {
    List<Socket> readers = new ArrayList<>();
    try {
      for (int i = 0; i < Streams.MOST; i++) {
        readers.add(http.open("GET", "/api/stream"));
        Http.message(readers.get(i).getInputStream());
      }
      Http.Answer refused = http.get("/api/stream");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("close one");
      assertThat(http.get("/api/state").status()).as("who asks once").isEqualTo(200);
      readers.remove(0).close();
      Eventually.until("a place is free", () -> isTaken());
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
  }

  private boolean isTaken() {
    try (Socket socket = http.open("GET", "/api/stream")) {
      return Http.line(socket.getInputStream()).contains("200");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whenThePoolEndsTheViewSaysSoAndStays() throws Exception {
    pool.map(x -> x, List.of(1));
    pool.close();
    JsonNode state = until("it has ended", s -> state(s).equals("TERMINATED"));
    assertThat(state.get("pools").get(0).get("state").asText()).isEqualTo("TERMINATED");
    assertThat(ok(state)).isEqualTo(1);
  }

  @Test
  void aBrokenPoolTellsWhy() throws Exception {
    Pool broken =
        ProcessPool.builder().workers(1).jvmOptions("-XX:NoSuchOption").name("broken").build();
    view.add(broken);
    assertThatThrownBy(() -> broken.apply(() -> 1)).hasCauseInstanceOf(PoolBrokenException.class);
    Eventually.until("its cause is told", () -> pool(1).get("pool").has("cause"));
    JsonNode told = pool(1).get("pool");
    assertThat(told.get("broken").asBoolean()).isTrue();
    assertThat(told.get("cause").asText()).contains("NoSuchOption");
    broken.terminate();
    broken.close();
  }

  @Test
  void closingTheViewEndsReadersAndFreesThePortAndThePoolGoesOn() throws Exception {
    try (Socket reader = http.open("GET", "/api/stream")) {
      InputStream in = reader.getInputStream();
      Http.message(in);
      view.close();
      view.close();
      assertThatThrownBy(
              () -> {
                while (true) {
                  Http.message(in);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> http.get("/")).isInstanceOf(ConnectException.class);
    Eventually.until("its threads have ended", () -> threads().isEmpty());
    int result = pool.apply(() -> 7);
    assertThat(result).isEqualTo(7);
    assertThatThrownBy(() -> view.add(pool)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoPoolsAreToldApart() throws Exception {
    Pool inline = InlinePool.create(3);
    view.add(inline);
    inline.map(x -> x, List.of(1, 2));
    Eventually.until("its items are counted", () -> ok(pool(1)) == 2);
    assertThat(pool(1).get("pool").get("target").asInt()).isEqualTo(3);
    assertThat(ok(pool(0))).isZero();
    assertThat(pool(0).get("pools")).hasSize(2);
    inline.close();
  }

  // ---------------------------------------------------------------- for all

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("procpool-view"))
        .toList();
  }

  private JsonNode pool(int position) {
    try {
      return http.get("/api/state?pool=" + position).json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode until(String what, Predicate<JsonNode> holds) throws Exception {
    Eventually.until(what, () -> holds.test(pool(0)));
    return pool(0);
  }

  private static long ok(JsonNode state) {
    long sum = 0;
    for (JsonNode count : state.get("series").get("ok")) {
      sum += count.asLong();
    }
    return sum;
  }

  private static String state(JsonNode state) {
    return state.path("pool").path("state").asText();
  }
}
