package dev.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a live page for the state of a pool. Used by one thread. */
final class TopSource {

  /** How many ticks are shown: a minute. */
  static final int TICKS = 240;

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI url;
  private final int pool;
  private final String token;
  private long tick = -1;

  TopSource(URI url, int pool) {
    String fragment = url.getFragment();
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      throw new UsageException("give a process identifier or a URL, not " + url);
    }
    if (fragment == null || !fragment.startsWith("token=")) {
      throw new UsageException(
          "the URL lacks its token: give all of it, in quotes, as http://127.0.0.1:8080/#token=…");
    }
    this.url = url;
    this.pool = pool;
    this.token = fragment.substring("token=".length());
  }

  JsonNode next() throws IOException, InterruptedException {
    URI question = url.resolve("/api/state?pool=" + pool + "&since=" + Math.max(-1, tick - TICKS));
    HttpRequest request =
        HttpRequest.newBuilder(question)
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<String> answer;
    try {
      answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(
          "nobody answers at " + url.getAuthority() + ": the program has ended", e);
    }
    if (answer.statusCode() != 200) {
      throw new IOException(url.getAuthority() + " refuses: " + answer.body().trim());
    }
    JsonNode state = JSON.readTree(answer.body());
    tick = state.path("tick").asLong();
    return state;
  }
}
