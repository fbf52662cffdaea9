package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.cli.pool.Pools;
import dev.procpool.cli.terminal.Streams;
import dev.procpool.local.ProcessPool;
import dev.procpool.view.PoolView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code top}, and {@code --view}. */
class TopTest {

  private static final String FOLDER = "procpool.view.directory";

  @TempDir Path folder;
  private final CommandLineFixture cli = new CommandLineFixture();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    System.setProperty(FOLDER, "off");
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.addFirst(one);
    return one;
  }

  @Test
  void aPoolIsShownByTheProcessThatHasIt() throws Exception {
    System.setProperty(FOLDER, folder.resolve("views").toString());
    Path release = folder.resolve("release");
    String name = release.toString();
    Pool pool = opened(ProcessPool.builder().workers(1).name("prices").build());
    opened(PoolView.open(pool));
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().label("list").chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    throw new IllegalStateException("no price\u001b[2J");
                  }
                  WorkerContext.current().progress(0.4, "page 4");
                  while (x == 2 && !Files.exists(Path.of(name))) {
                    Thread.sleep(5);
                  }
                  return x;
                },
                IntStream.range(0, 4).boxed().toList());
    String pid = String.valueOf(ProcessHandle.current().pid());
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    String shown = "";
    while (!shown.contains("list[2] 40 % page 4")
        || !shown.contains("no price")
        || !shown.contains("1 succeeded, 1 failed")
        || !shown.contains("2/4")
        || shown.lines().noneMatch(line -> line.startsWith("#0") && line.contains("F"))) {
      assertThat(System.nanoTime()).as(shown).isLessThan(deadline);
      cli.out = new ByteArrayOutputStream();
      assertThat(cli.run("", "top", pid, "--once")).as(cli.err).isZero();
      shown = cli.out();
    }
    assertThat(shown)
        .startsWith("prices: running, 1 of 1 workers busy, ")
        .contains("1 succeeded, 1 failed, 0 timed out, 0 lost, 0 cancelled, 0 tried again")
        .contains("2/4")
        .contains("1× IllegalStateException: no price [2J (last: list[1])")
        .doesNotContain("\u001b");
    assertThat(shown.lines().filter(line -> line.startsWith("#0")))
        .singleElement()
        .asString()
        .contains("F");
    Files.createFile(release);
    result.outcomes();
  }

  @Test
  void itEndsWithThePool() throws Exception {
    System.setProperty(FOLDER, "off");
    Pool pool = opened(ProcessPool.create(1));
    PoolView view = opened(PoolView.open(pool));
    AsyncResult<Integer> result = pool.applyAsync(() -> 1);
    assertThat(result.get()).isEqualTo(1);
    pool.close();
    assertThat(cli.run("", "top", view.url().toString(), "--every", "20ms")).isZero();
    assertThat(cli.out()).contains(": terminated, ");
  }

  @Test
  void whatCantBeShownIsToldInALine() {
    System.setProperty(FOLDER, "off");
    String own = String.valueOf(ProcessHandle.current().pid());
    assertThat(cli.run("", "top", own)).isEqualTo(2);
    assertThat(cli.err).contains("process " + own + " of this user has no live page open");
    Pool pool = opened(ProcessPool.create(1));
    PoolView view = opened(PoolView.open(pool));
    String url = view.url().toString();
    assertThat(cli.run("", "top", url + "x", "--once")).isEqualTo(3);
    assertThat(cli.err).contains("refuses: the token is missing or wrong").doesNotContain("\tat ");
    assertThat(cli.run("", "top", url, "--once", "--pool", "3")).isEqualTo(3);
    assertThat(cli.err).contains("there is no such pool");
    view.close();
    assertThat(cli.run("", "top", url)).isEqualTo(3);
    assertThat(cli.err).contains("nobody answers at 127.0.0.1");
  }

  @Test
  void aRunWithAPageTellsWhereItIs() {
    System.setProperty(FOLDER, "off");
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream("4\n".getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(errors, true, StandardCharsets.UTF_8));
    int status =
        Procpool.commandLine(streams, Pools.processes())
            .execute("map", "java.lang.Math::sqrt", "--workers", "1", "--view");
    String said = errors.toString(StandardCharsets.UTF_8);
    assertThat(status).as(said).isZero();
    assertThat(said)
        .containsPattern("procpool: watch it at http://127\\.0\\.0\\.1:\\d+/#token=\\S+\n");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"value\":2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          top                                  | Missing required parameter: 'PID
          top nonsense                         | give a process identifier or a URL, not nonsense
          top http://127.0.0.1:1/              | the URL lacks its token
          top 1 --pool -1                      | --pool must be 0 or more, was -1
          top 1 --every 0s                     | --every must be more than zero
          map Math::sqrt --view=70000          | --view must be a port from 0 to 65535, was 70000
          """)
  void wrongUseIsToldInALine(String arguments, String message) {
    System.setProperty(FOLDER, "off");
    assertThat(cli.run("1\n", arguments.split(" "))).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: " + message);
  }
}
