package dev.procpool.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Chromium without a window that shows a live page, asked by the DevTools protocol. */
final class PageInBrowser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
  private static final Pattern VALUE = Pattern.compile("\"value\": *([-0-9.e]+)");
  private static final int LIMIT_SECONDS = 120;

  /** There is no browser here. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing() {
      super("no Chromium is here to count frames with");
    }
  }

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private PageInBrowser(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    HttpClient client = HttpClient.newHttpClient();
    URI tab = URI.create("http://127.0.0.1:" + port() + "/json/new?about:blank");
    String told =
        client
            .send(
                HttpRequest.newBuilder(tab).PUT(HttpRequest.BodyPublishers.noBody()).build(),
                BodyHandlers.ofString())
            .body();
    URI url = URI.create(find(SOCKET, told));
    this.socket = client.newWebSocketBuilder().buildAsync(url, new Answers()).join();
  }

  static PageInBrowser start() throws Exception {
    Path program =
        Stream.of(System.getenv("PATH").split(":", -1))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(Missing::new);
    Path profile = Files.createTempDirectory("bench-browser-");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // as root it has none; it sees no page but ours
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--window-size=1280,1000",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new PageInBrowser(process, profile);
  }

  private int port() throws Exception {
    Path told = profile.resolve("DevToolsActivePort");
    for (int i = 0; i < 10 * LIMIT_SECONDS; i++) {
      if (Files.exists(told) && Files.readString(told).contains("\n")) {
        return Integer.parseInt(Files.readAllLines(told).get(0));
      }
      Thread.sleep(100);
    }
    process.destroyForcibly();
    throw new IOException("the browser has not come up");
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("the browser says " + text);
    }
    return matcher.group(1);
  }

  private String ask(String method, String parameters) throws Exception {
    socket
        .sendText("{\"id\":1,\"method\":\"" + method + "\",\"params\":{" + parameters + "}}", true)
        .join();
    String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IOException("the browser has not answered: " + method);
    }
    return answer;
  }

  private double value(String expression) throws Exception {
    String answer =
        ask(
            "Runtime.evaluate",
            "\"returnByValue\":true,\"awaitPromise\":true,\"expression\":\"" + expression + "\"");
    return Double.parseDouble(find(VALUE, answer));
  }

  /** Shows a page until it has lines of so many workers. */
  void show(URI url, int workers) throws Exception {
    ask("Page.navigate", "\"url\":\"" + url + "\"");
    double rows = 0;
    for (int i = 0; rows < workers && i < LIMIT_SECONDS; i++) {
      Thread.sleep(1000);
      rows = value("document.querySelectorAll('#worker-table tbody tr').length");
    }
    if (rows < workers) {
      throw new IOException("the page shows " + rows + " of " + workers + " workers");
    }
  }

  double framesPerSecond(int seconds) throws Exception {
    return value(
        "new Promise(tell => {let n = -1, begin = 0; const step = now => {begin ||= now; n++;"
            + " now - begin < 1000 * %d ? requestAnimationFrame(step)".formatted(seconds)
            + " : tell(n * 1000 / (now - begin))}; requestAnimationFrame(step)})");
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Puts answers together. */
  private final class Answers implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        answers.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
