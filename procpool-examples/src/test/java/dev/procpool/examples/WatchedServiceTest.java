package dev.procpool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's service, as those use it who post documents, scrape, trace, watch and end it. */
class WatchedServiceTest {

  private static final String DOCUMENTS =
      "plain words\n\ncrash in native code\nendless loop\nthree plain words\n";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Path temporary;
  private Path out;
  private Path err;
  private Process service;

  @BeforeEach
  void startIt() throws Exception {
    temporary = Files.createDirectories(folder.resolve("t"));
    out = folder.resolve("out");
    err = folder.resolve("err");
    service =
        new ProcessBuilder(ProgramRun.command(WatchedService.class, temporary, "0"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    Eventually.until("it tells where it is", () -> !service.isAlive() || lines(out).size() == 3);
    assertThat(service.isAlive()).as(String.join("\n", lines(err))).isTrue();
  }

  @AfterEach
  void endIt() throws Exception {
    service.descendants().forEach(ProcessHandle::destroyForcibly);
    service.destroyForcibly().waitFor();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it said of where something is, the last word of a line. */
  private URI where(String what) {
    String line = lines(out).stream().filter(each -> each.startsWith(what)).findAny().orElseThrow();
    return URI.create(line.substring(line.lastIndexOf(' ') + 1));
  }

  private String get(URI where) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(where);
      String token = where.getFragment();
      if (token != null) {
        request.header("Authorization", "Bearer " + token.substring("token=".length()));
      }
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> parse(String documents) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(where("documents"))
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .POST(BodyPublishers.ofString(documents))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().toList();
  }

  /** How many items had each outcome, as a scrape tells by others' parser. */
  private Map<String, Double> scrapedItems() {
    Map<String, Double> items = new TreeMap<>();
    for (MetricFamily family : scraped()) {
      if (family.getName().equals("procpool_items_total")) {
        family
            .getMetrics()
            .forEach(one -> items.put(one.getLabels().get("outcome"), ((Counter) one).getValue()));
      }
    }
    return items;
  }

  private List<MetricFamily> scraped() {
    byte[] text = get(where("for Prometheus")).getBytes(UTF_8);
    List<MetricFamily> families = new ArrayList<>();
    try (InputStream in = new ByteArrayInputStream(text)) {
      TextPrometheusMetricDataParser parser = new TextPrometheusMetricDataParser(in);
      for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
        families.add(family);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return families;
  }

  private List<String> spans(String name) {
    return lines(err).stream()
        .filter(line -> line.contains("'" + name + "'") && line.contains(TRACE))
        .toList();
  }

  @Test
  void documentsAreParsedAndWhatBecameOfThemIsSeenInMetricsTracesAndThePage() throws Exception {
    assertThat(parse(DOCUMENTS))
        .satisfiesExactly(
            plain -> assertThat(plain).isEqualTo("2 words"),
            blank -> assertThat(blank).isEqualTo("failed: the document is empty"),
            crash -> assertThat(crash).startsWith("failed: worker process ").contains("code 3"),
            endless -> assertThat(endless).contains("longer than its time limit of 10000 ms"),
            three -> assertThat(three).isEqualTo("3 words"));
    Eventually.until(
        "the scrape has each outcome",
        () ->
            scrapedItems()
                .equals(
                    Map.of("success", 2.0, "failure", 1.0, "timed_out", 1.0, "worker_lost", 1.0)));
    assertThat(scraped())
        .filteredOn(family -> family.getName().equals("procpool_workers_target"))
        .singleElement()
        .satisfies(
            family -> assertThat(((Gauge) family.getMetrics().get(0)).getValue()).isEqualTo(4));
    Eventually.until("the request is traced", () -> spans("POST /parse").size() == 1);
    Eventually.until("the call is in its trace", () -> spans("call parse").size() == 1);
    Eventually.until("the items are in its trace", () -> spans("item parse").size() == 5);
    URI page = where("live page");
    assertThat(get(page)).contains("<title>procpool</title>");
    URI state = page.resolve("/api/state#" + page.getFragment());
    Eventually.until("the page tells the failures", () -> get(state).contains("is empty"));
    assertThat(get(state)).contains("\"name\":\"documents\"", "longer than its time limit");
  }

  @Test
  void whenItIsToEndNothingIsLeft() throws Exception {
    assertThat(parse("plain words\n")).containsExactly("2 words");
    assertThat(service.toHandle().children().count()).as("worker processes").isPositive();
    URI page = where("live page");
    service.destroy(); // as Ctrl-C or a container's stop does
    assertThat(service.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    ProgramRun.assertNothingLeft(temporary);
    for (URI each : List.of(where("documents"), page)) {
      assertThatThrownBy(
              () -> client.send(HttpRequest.newBuilder(each).build(), BodyHandlers.ofString()))
          .isInstanceOf(ConnectException.class);
    }
  }
}
