package dev.procpool.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.spark.Machines;
import dev.procpool.spark.SparkCluster;
import dev.procpool.testkit.Eventually;
import dev.procpool.view.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a cluster of two machines as its live page shows it in a browser, and {@code top} as
 * text. Skipped where there is no Chromium, or no right to give machines names.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ViewedRunTest {

  private static final String SLOW =
      """
      class Slow {
        static int half(int n) throws Exception {
          if (n == 3) {
            throw new IllegalStateException("no half of " + n);
          }
          while (n > 4 && !new java.io.File("%s").exists()) {
            Thread.sleep(20);
          }
          return n / 2;
        }
      }
      """;

  /** So many that an executor has not got them all at once, and something is left for another. */
  private static final int ITEMS = 60;

  private static final Pattern URL = Pattern.compile("watch it at (\\S+)\n");

  @TempDir static Path shared;
  private static SparkCluster cluster;
  private static Browser browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Browser.program().isPresent(), "no Chromium here: the live page is not tested");
    assumeTrue(Machines.areThere(), "machines can't have names here");
    cluster = Machines.cluster(shared.resolve("cluster"), 1, "a.example", "b.example");
    browser = Browser.start(Files.createDirectories(shared.resolve("browser")));
  }

  @AfterAll
  static void end() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aRunIsShownByMachineAndSoIsTheEndOfAnExecutor() throws Exception {
    Path released = folder.resolve("released");
    Path source = folder.resolve("Slow.java");
    Files.writeString(source, SLOW.formatted(released));
    Files.writeString(folder.resolve("in"), numbers(ITEMS));
    Process run =
        CommandLineProcess.start(
            cluster,
            folder,
            home(),
            "map",
            source + "::half",
            "--master",
            cluster.master(),
            "-J-Xmx64m",
            "--chunk-size",
            "1",
            "--view");
    try {
      browser.show(1280, 1000, false);
      browser.open(URI.create(awaitUrl(run)));
      until("it is connected", has("#link", "live"));
      until("both work", has("#busy", "2 of 2"));
      until("a machine is named", has("#worker-table", "a.example – 1 worker, 1 busy"));
      until("the other is", has("#worker-table", "b.example – 1 worker, 1 busy"));
      until("items are counted", has("#facts", "Items that succeeded3"));
      until("a failure is shown", has("#failures", "IllegalStateException: no half of 3"));
      until("with its stack", has("#failures pre", "Slow.half(Slow.java:"));
      until("the call is shown", has("#call-table", "call #1"));
      until("it has four", has("#call-table", "4"));
      assertThat(browser.text("#worker-table")).contains("MB");
      assertThat(browser.eval("document.querySelector('.who small').title").asText())
          .matches("pid \\d+ on [ab]\\.example");
      assertThat(visible("[aria-label^=\"Kill worker\"]"))
          .as("what can't be done from here is not offered")
          .isZero();
      assertThat(visible("[aria-label^=\"Stacks of\"]")).isEqualTo(2);
      browser.eval("document.querySelector('[aria-label^=\"Stacks of\"]').click()");
      until("the stacks are shown", has("#stacks-text", "Slow.half"));
      browser.eval("document.querySelector('#stacks').close()");
      assertTopShows(run, "on a.example", "on b.example", "3 succeeded, 1 failed");
      screenshot("cluster");

      long killed = killTheExecutorOf("b.example");
      until("the end is shown", has("#ends", "worker process " + killed + " on b.example is gone"));
      until("its reason, too", has("#ends", "executor"));
      until("its item is lost", has("#failures", "WorkerLostException"));
      until("its process is gone", "!(" + has("#worker-table", "pid " + killed) + ")");
      until("another works there", has("#worker-table", "b.example – 1 worker, 1 busy"));
      screenshot("cluster-lost");
      Files.createFile(released);
      assertThat(CommandLineProcess.end(run, folder)).isEqualTo(1);
      until("the page says that it has ended", has("#link", "not connected"));
    } finally {
      run.destroyForcibly();
    }
    assertThat(Files.readString(folder.resolve("err")))
        .as("what the executor had is lost, which may be more than ran")
        .containsPattern(ITEMS + " items: \\d+ ok, 1 failed, \\d+ worker-lost");
    assertThat(browser.complaints)
        .as("but for the end of the program")
        .allMatch(line -> line.startsWith("Failed to load resource: net::ERR_"));
    Eventually.until("no executor is left", () -> cluster.executors().isEmpty());
  }

  private static String numbers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> n + "\n").collect(Collectors.joining());
  }

  /** Gives the process of the worker that was lost with it. */
  private static long killTheExecutorOf(String host) throws Exception {
    String words =
        browser
            .eval(
                "[...document.querySelectorAll('#worker-table tbody')].find(one =>"
                    + " one.textContent.startsWith('"
                    + host
                    + "')).querySelector('.who small').title")
            .asText();
    long pid = Long.parseLong(words.replaceAll("pid (\\d+) .*", "$1"));
    ProcessHandle executor = ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();
    assertThat(cluster.executors()).contains(executor);
    executor.destroyForcibly();
    return pid;
  }

  private void assertTopShows(Process run, String... parts) throws Exception {
    Path own = Files.createDirectories(folder.resolve("top"));
    Files.writeString(own.resolve("in"), "");
    String pid = String.valueOf(run.pid());
    assertThat(CommandLineProcess.run(cluster, own, "", "top", pid, "--once"))
        .as(Files.readString(own.resolve("err")))
        .isZero();
    assertThat(Files.readString(own.resolve("out"))).contains(parts);
  }

  private String awaitUrl(Process run) throws Exception {
    StringBuilder url = new StringBuilder();
    Eventually.until(
        "the page's address",
        () -> {
          String said = err();
          assertThat(run.isAlive()).as(said).isTrue();
          URL.matcher(said)
              .results()
              .findFirst()
              .map((MatchResult found) -> found.group(1))
              .ifPresent(url::append);
          return url.length() > 0;
        });
    return url.toString();
  }

  private String err() {
    try {
      return Files.readString(folder.resolve("err"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String home() {
    return shared.resolve("cluster").resolve("home").toString();
  }

  private void until(String what, String expression) throws Exception {
    try {
      Eventually.until(
          what,
          () -> {
            try {
              return browser.eval("!!(" + expression + ")").asBoolean();
            } catch (Exception e) {
              throw new AssertionError(expression, e);
            }
          });
    } catch (AssertionError e) {
      String page = browser.text("body");
      throw new AssertionError(what + "; the page: " + page + "\nthe run: " + err(), e);
    }
  }

  private static String has(String selector, String text) {
    return "document.querySelector('" + selector + "')?.textContent.includes('" + text + "')";
  }

  private static int visible(String selector) throws Exception {
    String all = "[...document.querySelectorAll('" + selector + "')]";
    return browser.eval(all + ".filter(one => one.checkVisibility()).length").asInt();
  }

  private static void screenshot(String name) throws Exception {
    String where = System.getProperty("view.screenshots");
    if (where != null) {
      browser.screenshot(Files.createDirectories(Path.of(where)).resolve(name + ".png"));
    }
  }
}
