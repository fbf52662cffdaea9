package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a browser, on real pools. Skipped where there is no Chromium. With {@code
 * -Dview.screenshots=FOLDER} it leaves pictures there.
 */
class PageTest {

  private static Browser browser;
  @TempDir static Path profile;

  @TempDir Path folder;
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @BeforeAll
  static void startBrowser() throws Exception {
    System.setProperty(ViewFiles.PROPERTY, "off");
    assumeTrue(Browser.program().isPresent(), "no Chromium here: the live page is not tested");
    browser = Browser.start(profile);
  }

  @AfterAll
  static void endBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    browser.open(URI.create("about:blank"));
    browser.show(1280, 1000, false);
    browser.complaints.clear();
    browser.requests.clear();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : toClose) {
      if (one instanceof Pool pool) {
        pool.terminate();
      }
      one.close();
    }
  }

  private Pool pool(int workers) {
    Pool pool = ProcessPool.builder().workers(workers).name("watched").build();
    toClose.add(pool);
    return pool;
  }

  private PoolView view(Pool... pools) {
    PoolView view = PoolView.builder().pools(pools).allowActions(true).open();
    toClose.add(0, view);
    return view;
  }

  private static void until(String what, String expression) throws Exception {
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
      throw new AssertionError(what + "; the page: " + browser.text("body"), e);
    }
  }

  private static String has(String selector, String text) {
    return "document.querySelector('" + selector + "')?.textContent.includes('" + text + "')";
  }

  private FileLatch latch(String name) {
    return new FileLatch(folder.resolve(name));
  }

  // ---------------------------------------------------------------- what it shows

  @Test
  void everyPanelShowsAPoolThatWorksAndFails() throws Exception {
    Pool pool = pool(2);
    PoolView view = view(pool);
    browser.open(view.url());
    until("it is connected", has("#link", "live"));
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().label("price list").chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 3) {
                    throw new IllegalStateException("no price for article " + x);
                  } else if (x == 5) {
                    System.err.println("<b>these are the last words</b>");
                    Runtime.getRuntime().halt(3);
                  } else if (x >= 8) {
                    WorkerContext.current().progress(0.4, "page 4 of 10");
                    release.await();
                  }
                  return x;
                },
                IntStream.range(0, 12).boxed().toList());
    until("a failure is shown", has("#failures", "no price for article 3"));
    until("an end is shown", has("#ends", "these are the last words"));
    until("the call is shown", has("#call-table", "price list #1"));
    until("the call is at eight", has("#call-table", "8 / 12"));
    until("the item is shown", has("#worker-table", "40 % page 4 of 10"));
    until("run times are shown", "!document.querySelector('#latency').textContent.startsWith('–')");
    assertThat(browser.text("#state")).isEqualTo("running");
    assertThat(browser.text("#pool-name")).isEqualTo("watched");
    until("both are busy", has("#busy", "2 of 2"));
    assertThat(browser.text("#facts")).contains("Workers started").contains("exited 1");
    assertThat(browser.eval("document.querySelectorAll('#ends b b').length").asInt())
        .as("nothing that a worker says becomes markup")
        .isZero();
    assertThat(browser.eval(painted("#worker-table canvas")).asInt())
        .as("colours in the lanes")
        .isGreaterThan(1);
    assertThat(browser.eval(painted("#throughput-chart")).asInt()).isGreaterThan(1);
    screenshot("panels");
    release.countDown();
    result.outcomes();
    until("it has gone", has("#no-calls", "No call is under way"));
    pool.close();
    until("the end is shown", has("#state", "terminated"));
    assertThat(browser.complaints).isEmpty();
    assertThat(browser.requests)
        .isNotEmpty()
        .allMatch(url -> url.startsWith("http://" + view.url().getAuthority() + "/"))
        .noneMatch(url -> url.contains(Http.token(view.url())));
  }

  /** How many different colours a canvas has. */
  private static String painted(String selector) {
    return "(() => { const c = document.querySelector('"
        + selector
        + "'); const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width,"
        + " c.height).data.buffer); return new Set(d).size; })()";
  }

  @Test
  void aWrongTokenIsToldInWords() throws Exception {
    PoolView view = view(pool(1));
    browser.open(URI.create("http://" + view.url().getAuthority() + "/#token=wrong-wrong-wrong"));
    until("it says so", has("#trouble", "token is missing or wrong"));
    assertThat(browser.text("#link")).isEqualTo("refused");
    assertThat(browser.text("#pool-name")).isEmpty();
    assertThat(browser.eval("document.querySelector('main').checkVisibility()").asBoolean())
        .as("nothing is said of what is not known")
        .isFalse();
  }

  @Test
  void aPageTooManyIsToldSoAndShowsThePoolWhenAnotherIsClosed() throws Exception {
    PoolView view = view(pool(1));
    Http http = new Http(view);
    List<Socket> others = new ArrayList<>();
    try {
      for (int i = 0; i < Streams.MOST; i++) {
        Socket other = http.open("GET", "/api/stream?pool=0");
        others.add(other);
        Http.message(other.getInputStream());
      }
      browser.open(view.url());
      until("it says so", has("#trouble", "16 pages are open"));
      assertThat(browser.text("#link")).isEqualTo("full");
    } finally {
      for (Socket other : others) {
        other.close();
      }
    }
    until("it has a place", has("#link", "live"));
    until("the trouble is over", "document.querySelector('#trouble').hidden");
  }

  @Test
  void anyOtherAnswerIsToldByWhatItIs() throws Exception {
    String token = "always-the-same-token";
    Pool pool = pool(1);
    Pool second = InlinePool.create(1);
    toClose.add(second);
    PoolView first = PoolView.builder().pools(pool, second).token(token).open();
    browser.open(first.url());
    until("both are offered", "document.querySelector('#pool-select')?.options.length === 2");
    browser.eval(
        "(s => { s.selectedIndex = 1; s.dispatchEvent(new Event('change')); })"
            + "(document.querySelector('#pool-select'))");
    until("it is connected", has("#link", "live"));
    int port = first.url().getPort();
    first.close();
    toClose.add(0, PoolView.builder().pools(pool).token(token).port(port).open());
    until("it says so", has("#trouble", "there is no such pool"));
    assertThat(browser.text("#link")).isEqualTo("status 404");
  }

  @Test
  void aBrokenPoolTellsWhy() throws Exception {
    Pool pool = ProcessPool.builder().workers(1).jvmOptions("-XX:NoSuchOption").build();
    toClose.add(pool);
    browser.open(view(pool).url());
    pool.applyAsync(() -> 1);
    until("the reason is shown", has("#trouble", "NoSuchOption"));
    assertThat(browser.text("#state")).isEqualTo("broken");
    until("its item is not denied", has("#no-failures", "1 item has failed of which there is no"));
    assertThat(browser.eval("document.querySelector('#resize').checkVisibility()").asBoolean())
        .as("what would be refused is not offered")
        .isFalse();
  }

  @Test
  void whenTheProgramStartsAgainThePageGoesOn() throws Exception {
    String token = "always-the-same-token";
    Pool pool = pool(1);
    PoolView first = PoolView.builder().pools(pool).token(token).open();
    browser.open(first.url());
    until("it is connected", has("#link", "live"));
    int port = first.url().getPort();
    first.close();
    until("it says so", has("#link", "not connected"));
    browser.show(360, 800, false);
    until("it has the width", "innerWidth === 360");
    until("nothing sticks out", "document.documentElement.scrollWidth <= 360");
    browser.show(1280, 1000, false);
    Pool next = ProcessPool.builder().workers(1).name("the next").build();
    toClose.add(next);
    toClose.add(0, PoolView.builder().pools(next).token(token).port(port).open());
    until("it is connected again", has("#link", "live"));
    until("the other pool is shown", has("#pool-name", "the next"));
  }

  @Test
  void anotherPoolCanBeChosen() throws Exception {
    Pool other = InlinePool.create(3);
    toClose.add(other);
    PoolView view = view(pool(1), other);
    browser.open(view.url());
    until(
        "both are offered", "document.querySelector('#pool-select')?.options[1]?.text.length > 1");
    browser.eval(
        "(s => { s.selectedIndex = 1; s.dispatchEvent(new Event('change')); })"
            + "(document.querySelector('#pool-select'))");
    until("it is shown", has("#facts", "Workers wanted3"));
  }

  // ---------------------------------------------------------------- what it does

  @Test
  void aCallIsCancelledByKeyboardOnceThatIsConfirmed() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    AsyncResult<Integer> stuck =
        pool.with(TaskOptions.defaults().label("stuck"))
            .applyAsync(
                () -> {
                  never.await();
                  return 1;
                });
    browser.open(view(pool).url());
    until("the call is shown", has("#call-table", "stuck #1"));
    browser.eval("document.querySelector('#call-table button').focus()");
    browser.press("Enter", 13);
    until("it asks", "document.querySelector('#ask').open");
    assertThat(browser.text("#ask")).contains("Cancel call 1?", "stuck");
    browser.press("Escape", 27);
    until("the question is gone", "!document.querySelector('#ask').open");
    assertThat(stuck.isDone()).isFalse();
    browser.press("Enter", 13);
    until("it asks", "document.querySelector('#ask').open");
    browser.eval("document.querySelector('#ask-yes').focus()");
    browser.press("Enter", 13);
    until("it tells what came of it", has("#deed-list", "call 1 is cancelled"));
    assertThat(stuck.isCancelled()).isTrue();
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  void stacksAreShownAndAWorkerIsKilledAndThePoolResized() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    AsyncResult<Integer> stuck =
        pool.applyAsync(
            () -> {
              started.countDown();
              never.await();
              return 1;
            });
    browser.open(view(pool).url());
    until("the item is shown", has("#worker-table", "item 0"));
    Eventually.until("the item is in its own code", started::isOpen);
    browser.eval("document.querySelector('[aria-label=\"Stacks of worker 0\"]').click()");
    until("the stacks are shown", has("#stacks-text", "PageTest.lambda$stacksAreShown"));
    browser.press("Escape", 27);
    browser.eval("document.querySelector('[aria-label=\"Kill worker 0\"]').click()");
    until("it asks", has("#ask-text", "is lost unless it is retried"));
    browser.eval("document.querySelector('#ask-yes').click()");
    until("the end is shown", has("#ends", "was killed by SIGKILL"));
    Eventually.until("its call has ended", stuck::isDone);
    browser.eval("document.querySelector('#resize-to').value = 2");
    browser.eval("document.querySelector('#resize').requestSubmit()");
    until("it asks", has("#ask-title", "Resize the pool to 2 workers?"));
    browser.eval("document.querySelector('#ask-yes').click()");
    until("it is done", has("#deed-list", "the pool is to have 2 workers"));
    assertThat(pool.stats().targetWorkers()).isEqualTo(2);
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  void aViewThatOnlyShowsOffersNoAction() throws Exception {
    Pool pool = pool(1);
    pool.map(x -> x, List.of(1));
    PoolView view = PoolView.open(pool);
    toClose.add(0, view);
    browser.open(view.url());
    until("the worker is shown", has("#worker-table", "#0"));
    until("it says so", has("#about", "only shows"));
    assertThat(
            browser
                .eval(
                    "[...document.querySelectorAll('main button')].filter(b =>"
                        + " b.checkVisibility()).length")
                .asInt())
        .isZero();
  }

  // ---------------------------------------------------------------- how it looks

  @Test
  void twoHundredFiftySixWorkersAreShownOnAnyScreen() throws Exception {
    Pool pool = InlinePool.create(256);
    toClose.add(pool);
    browser.open(view(pool).url());
    Thread consumer;
    try (ResultIterator<Integer> results =
        pool.imapUnordered(
            x -> {
              Thread.sleep(20);
              return x;
            },
            Stream.iterate(0, x -> x + 1))) {
      consumer = new Thread(() -> consume(results));
      consumer.start();
      until("all have rows", "document.querySelectorAll('#worker-table tbody tr').length === 256");
      until("all are counted", has("#busy", "of 256"));
      for (int width : new int[] {1280, 800, 360}) {
        browser.show(width, 900, width == 800);
        until("it has the width", "innerWidth === " + width);
        until("nothing sticks out at " + width, "document.documentElement.scrollWidth <= " + width);
        screenshot("workers-" + width);
      }
    }
    consumer.join();
    assertThat(browser.complaints).isEmpty();
  }

  private static void consume(ResultIterator<Integer> results) {
    try {
      while (results.hasNext()) {
        results.next();
      }
    } catch (RuntimeException e) {
      // closed
    }
  }

  @Test
  void everythingHasANameAndTextCanBeReadLightAndDark() throws Exception {
    Pool pool = pool(2);
    pool.map(x -> x, List.of(1, 2));
    browser.open(view(pool).url());
    until("the workers are shown", has("#worker-table", "#0"));
    until("the charts are told in words", "document.querySelector('#busy-chart').ariaLabel");
    String nameless =
        "[...document.querySelectorAll('button,select,input,canvas,[role=region],progress')]"
            + ".filter(e => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() ||"
            + " e.labels?.length || e.hasAttribute('aria-labelledby')))"
            + ".map(e => e.outerHTML)";
    assertThat(browser.eval(nameless)).isEmpty();
    for (boolean isDark : new boolean[] {false, true}) {
      browser.show(1280, 1000, isDark);
      until(
          "the theme is there", "matchMedia('(prefers-color-scheme: dark)').matches === " + isDark);
      assertThat(browser.eval(contrast("ink", "surface")).asDouble()).isGreaterThan(7);
      assertThat(browser.eval(contrast("quiet", "surface")).asDouble()).isGreaterThan(4.5);
      assertThat(browser.eval(contrast("quiet", "ground")).asDouble()).isGreaterThan(4.5);
      for (String colour : List.of("working", "failed", "timedOut", "lost")) {
        assertThat(browser.eval(contrast(colour, "track")).asDouble()).as(colour).isGreaterThan(2);
      }
    }
  }

  /** After WCAG. */
  private static String contrast(String one, String other) {
    return """
        ((one, other) => {
          const light = name => {
            const c = document.createElement('canvas').getContext('2d');
            c.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--' + name);
            c.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...c.getImageData(0, 0, 1, 1).data].slice(0, 3).map(v => {
              v /= 255;
              return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
          };
          const [a, b] = [light(one), light(other)];
          return Math.max(a, b) / Math.min(a, b);
        })('%s', '%s')"""
        .formatted(one, other);
  }

  private static void screenshot(String name) throws Exception {
    String where = System.getProperty("view.screenshots");
    if (where != null) {
      browser.screenshot(Files.createDirectories(Path.of(where)).resolve(name + ".png"));
    }
  }
}
