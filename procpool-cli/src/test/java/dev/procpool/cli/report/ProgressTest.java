package dev.procpool.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.cli.FakePool;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.terminal.Console;
import dev.procpool.cli.terminal.TextWidth;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a run's progress. On a real terminal: {@code LiveBlockTest} of the packages. */
class ProgressTest {

  private static Rate rate(long... counts) {
    Rate rate = new Rate();
    for (int second = 0; second < counts.length; second++) {
      rate.at(TimeUnit.SECONDS.toNanos(second), counts[second]);
    }
    return rate;
  }

  @Test
  void theRateIsThatOfTheLastTenSeconds() {
    long[] counts = IntStream.range(0, 40).mapToLong(s -> s < 20 ? 100L * s : 1900 + s).toArray();
    assertThat(rate(counts).perSecond()).hasValue(1.0);
    assertThat(rate(0, 4, 8).perSecond()).hasValue(4.0);
    assertThat(rate(0, 4, 8).secondsFor(100)).hasValue(25.0);
    assertThat(rate(5).perSecond()).as("one point").isEmpty();
    assertThat(rate(5, 5).secondsFor(1)).as("nothing ends").isEmpty();
  }

  @Test
  void aLineSaysWhatIsKnown() {
    Rate four = rate(0, 4);
    assertThat(new ProgressText(OptionalLong.of(1000), 4, 1, four).line())
        .isEqualTo("4/1,000 items (0%), 4.0/s, 4 min 9 s left, 1 not ok");
    assertThat(new ProgressText(OptionalLong.empty(), 4, 0, four).line())
        .isEqualTo("4 items, 4.0/s");
    assertThat(new ProgressText(OptionalLong.of(3), 4, 0, four).line())
        .as("more than were guessed")
        .isEqualTo("4/4 items (100%), 4.0/s");
    assertThat(new ProgressText(OptionalLong.of(0), 0, 0, rate()).line())
        .isEqualTo("0/0 items (100%)");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "1234, 1.2 s",
    "59999, 59 s",
    "61000, 1 min 1 s",
    "3600000, 1 h 0 min",
    "90061000, 25 h 1 min"
  })
  void durationsAreSaidInTwoUnitsAtMost(long millis, String text) {
    assertThat(Rate.text(Duration.ofMillis(millis))).isEqualTo(text);
  }

  private static PoolStats.Worker worker(int number, int seconds) {
    WorkerInfo info =
        new WorkerInfo(
            number,
            4711 + number,
            seconds < 0 ? WorkerInfo.State.STARTING : WorkerInfo.State.BUSY,
            0,
            Instant.EPOCH,
            OptionalLong.empty(),
            () -> "");
    return new PoolStats.Worker(
        info,
        seconds < 0
            ? Optional.empty()
            : Optional.of(
                new PoolStats.Item(
                    new PoolEvent.Call(1, Optional.empty()),
                    number,
                    1,
                    Duration.ofSeconds(seconds),
                    Optional.empty())));
  }

  private static List<String> block(List<PoolStats.Worker> workers, int width, int height) {
    List<String> names =
        List.of("line 1: plain", "line 2: \u6f22\u5b57 wide", "e\u0301\u001b[2J\n", "d");
    return new ProgressText(OptionalLong.of(40), 10, 2, rate(0, 10))
        .block(workers, index -> names.get((int) index), width, height, false);
  }

  @Test
  void theBlockHasALineAWorkerAndItsColumnsAreStraight() {
    List<String> lines =
        block(List.of(worker(0, 1), worker(1, 75), worker(2, 3), worker(3, -1)), 74, 24);
    assertThat(lines)
        .containsExactly(
            "[=====               ] 10/40 items (25%), 10.0/s, 3.0 s left, 2 not ok",
            "  #0 line 1: plain                                               1.0 s",
            "  #1 line 2: \u6f22\u5b57 wide                                      1 min 15 s",
            "  #2 e\u0301\u241b[2J                                                       3.0 s",
            "  #3 starting");
    assertThat(lines.subList(1, 4)).extracting(TextWidth::of).containsOnly(70);
  }

  @Test
  void theBlockFitsIntoASmallTerminal() {
    List<String> lines = block(List.of(worker(0, 1), worker(1, 75), worker(2, 3)), 30, 6);
    assertThat(lines)
        .containsExactly(
            "10/40 items (25%), 10.0...",
            "  #1 line...    1 min 15 s",
            "  #2 e\u0301\u241b[2J           3.0 s",
            "   and 1 more workers");
  }

  @Test
  void failuresAreRedWhereColoursAreWanted() {
    ProgressText text = new ProgressText(OptionalLong.of(40), 10, 2, rate(0, 10));
    assertThat(text.block(List.of(), Long::toString, 90, 24, true).get(0))
        .endsWith("left, \u001b[31m2 not ok\u001b[0m");
  }

  @Test
  void whereThereIsNoTerminalThereIsALineNowAndThen() throws Exception {
    CountDownLatch lines = new CountDownLatch(3);
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            lines.countDown();
          }
        };
    Console console = new Console(new PrintStream(bytes, false, StandardCharsets.UTF_8));
    try (RunProgress progress =
        new RunProgress(
            console,
            OptionalLong.of(4),
            new FakePool(new HashMap<>(), new ArrayList<>()),
            Long::toString,
            Duration.ofMillis(5))) {
      progress.add(Status.OK);
      progress.add(Status.FAILED);
      assertThat(lines.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines().limit(3))
        .allMatch(line -> line.matches("procpool: 2/4 items \\(50%\\), .*/s, .* left, 1 not ok"));
  }
}
