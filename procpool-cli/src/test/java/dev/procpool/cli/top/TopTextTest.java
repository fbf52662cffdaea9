package dev.procpool.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code top} makes of a state, on terminals of any size. */
class TopTextTest {

  private static final JsonMapper JSON = new JsonMapper();

  /** As a page tells it. */
  private static ObjectNode state() {
    ObjectNode state = JSON.createObjectNode().put("host", "here.example").put("openCalls", 0);
    state.putObject("pool").put("name", "p").put("state", "RUNNING");
    state.putArray("workers");
    state.putArray("calls");
    return state;
  }

  private static void worker(JsonNode state, int number, String host, long millis) {
    ObjectNode worker =
        ((ArrayNode) state.get("workers"))
            .addObject()
            .put("n", number)
            .put("host", host)
            .put("pid", 1000 + number)
            .put("state", millis > 0 ? "BUSY" : "IDLE")
            .put("lane", "");
    if (millis > 0) {
      worker.putObject("item").put("call", 1).put("index", number).put("ms", millis);
    }
  }

  private static List<String> lines(JsonNode state, int rows) {
    return new TopText(state, 80, rows).text().lines().toList();
  }

  @Test
  void workersOfACluserAreTogetherByHost() {
    JsonNode state = state();
    worker(state, 0, "b.example", 5);
    worker(state, 1, "a.example", 0);
    worker(state, 2, "b.example", 0);
    ((ArrayNode) state.get("workers")).addObject().put("n", 3).put("host", "c.example");
    assertThat(lines(state, 50))
        .filteredOn(line -> line.matches("(on |#).*"))
        .extracting(line -> line.replaceAll(" {2,}.*", ""))
        .as("those that are gone are left out")
        .containsExactly("on a.example", "#1", "on b.example", "#0", "#2");
  }

  @Test
  void oneMachineIsNamedIfItIsNotTheProgramsOwn() {
    JsonNode far = state();
    worker(far, 0, "far.example", 5);
    assertThat(lines(far, 50)).contains("on far.example");
    JsonNode own = state();
    worker(own, 0, "here.example", 5);
    assertThat(lines(own, 50)).noneMatch(line -> line.startsWith("on "));
  }

  @Test
  void ofWorkersThatDoNotFitThoseAreShownWhoseItemsRunForLongest() {
    JsonNode state = state();
    for (int i = 0; i < 256; i++) {
      worker(state, i, "here.example", i % 100 == 77 ? 90_000 : i % 2);
    }
    List<String> lines = lines(state, 24);
    assertThat(lines.size()).as("with the cursor's").isLessThan(24);
    assertThat(lines)
        .filteredOn(line -> line.startsWith("#"))
        .hasSizeGreaterThan(10)
        .extracting(line -> line.replaceAll(" .*", ""))
        .contains("#77", "#177")
        .isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
    long shown = lines.stream().filter(line -> line.startsWith("#")).count();
    assertThat(lines)
        .contains(
            "and " + (256 - shown) + " more, which are idle or have run their item for less time");
    assertThat(lines(state, Integer.MAX_VALUE)).hasSizeGreaterThan(256);
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring(1));
  }

  @Test
  void callsThatDoNotFitAreCounted() {
    ObjectNode state = state().put("openCalls", 70);
    for (int i = 1; i <= 50; i++) {
      ((ArrayNode) state.get("calls")).addObject().put("call", i).put("done", 0).put("left", -1);
    }
    assertThat(lines(state, 24)).contains("and 64 calls more").hasSizeLessThan(24);
    assertThat(lines(state, Integer.MAX_VALUE)).contains("and 20 calls more");
  }
}
