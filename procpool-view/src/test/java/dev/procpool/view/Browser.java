package dev.procpool.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A Chromium without a window, with one page, told what to do by the DevTools protocol. One thread
 * uses it.
 */
public final class Browser {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

  /** What the page complained of: exceptions, errors on the console, refusals of its policy. */
  public final List<String> complaints = new CopyOnWriteArrayList<>();

  /** Where the page asked for something. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private Browser(Process process, URI page) throws Exception {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(page, new Listener())
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    ask("Page.enable");
    ask("Runtime.enable");
    ask("Log.enable");
    ask("Network.enable");
  }

  /**
   * Finds the program.
   *
   * @return it; empty if there is none here
   */
  public static Optional<Path> program() {
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                    .filter(folder -> !folder.isEmpty())
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @param folder for all that it writes
   * @return the browser, to be closed
   * @throws Exception if it does not come up
   */
  public static Browser start(Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program().orElseThrow().toString());
    command.addAll(
        List.of(
            "--headless=new",
            "--no-sandbox", // as root it has none; it sees no page but ours
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--no-first-run",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder,
            "about:blank"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    try {
      return new Browser(process, page(port(process, folder)));
    } catch (Throwable e) {
      end(process);
      throw e;
    }
  }

  private static int port(Process process, Path folder) throws Exception {
    Path told = folder.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (Files.exists(told) && Files.readString(told).contains("\n")) {
        return Integer.parseInt(Files.readAllLines(told).get(0));
      }
      Thread.sleep(20);
    }
    throw new IOException(
        "the browser has not come up: " + Files.readString(folder.resolve("output.txt")));
  }

  private static URI page(int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    String told =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return URI.create(JSON.readTree(told).get("webSocketDebuggerUrl").asText());
  }

  /** Asks by name and fields, as {@code "width", 300}. */
  JsonNode ask(String method, Object... fields) throws Exception {
    int number = numbers.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", number).put("method", method);
    ObjectNode parameters = message.putObject("params");
    for (int i = 0; i < fields.length; i += 2) {
      parameters.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(number, answer);
    socket.sendText(message.toString(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    JsonNode told = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (told.has("error")) {
      throw new IOException(method + ": " + told.get("error"));
    }
    return told.get("result");
  }

  /**
   * Opens a page.
   *
   * @param url its address
   * @throws Exception if the browser does not do it
   */
  public void open(URI url) throws Exception {
    ask("Page.navigate", "url", url.toString());
  }

  /**
   * Sets the size of the window, and whether it is dark.
   *
   * @param width in pixels
   * @param height in pixels
   * @param isDark whether dark, not light
   * @throws Exception if the browser does not do it
   */
  public void show(int width, int height, boolean isDark) throws Exception {
    ask(
        "Emulation.setDeviceMetricsOverride",
        "width",
        width,
        "height",
        height,
        "deviceScaleFactor",
        1,
        "mobile",
        width < 640);
    ask(
        "Emulation.setEmulatedMedia",
        "features",
        List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light")));
  }

  /**
   * Gives the value of an expression in the page.
   *
   * @param expression in JavaScript; of a promise, what it comes to
   * @return the value
   * @throws Exception if it has none
   */
  public JsonNode eval(String expression) throws Exception {
    JsonNode told =
        ask(
            "Runtime.evaluate",
            "expression",
            expression,
            "returnByValue",
            true,
            "awaitPromise",
            true);
    if (told.has("exceptionDetails")) {
      throw new IOException(expression + ": " + told.get("exceptionDetails"));
    }
    return told.get("result").path("value");
  }

  /**
   * Gives the text of an element.
   *
   * @param selector which element
   * @return what is to be read there; empty if there is no such element
   * @throws Exception if the browser does not tell
   */
  public String text(String selector) throws Exception {
    return eval("document.querySelector("
            + JSON.writeValueAsString(selector)
            + ")?.innerText ?? ''")
        .asText();
  }

  /** Presses a key, as somebody without a mouse does. */
  void press(String key, int code) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      ask(
          "Input.dispatchKeyEvent",
          "type",
          type,
          "key",
          key,
          "code",
          key,
          "windowsVirtualKeyCode",
          code,
          "text",
          type.equals("keyDown") && key.equals("Enter") ? "\r" : "");
    }
  }

  /**
   * Makes a picture.
   *
   * @param file where to
   * @throws Exception if the browser does not do it
   */
  public void screenshot(Path file) throws Exception {
    byte[] image =
        Base64.getDecoder()
            .decode(ask("Page.captureScreenshot", "format", "png").get("data").asText());
    Files.write(file, image);
  }

  /**
   * Ends it.
   *
   * @throws Exception if it does not end
   */
  public void close() throws Exception {
    try {
      ask("Browser.close");
    } catch (Exception e) {
      // it is killed then
    }
    socket.abort();
    end(process);
  }

  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> all = process.descendants().toList();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  /** Puts messages together. */
  private final class Listener implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        try {
          take(JSON.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add("unreadable: " + text);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode message) {
      if (message.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
        if (answer != null) {
          answer.complete(message);
        }
        return;
      }
      JsonNode params = message.path("params");
      switch (message.path("method").asText()) {
        case "Runtime.exceptionThrown" ->
            complaints.add(params.path("exceptionDetails").toString());
        case "Log.entryAdded" -> {
          if (params.path("entry").path("level").asText().equals("error")) {
            complaints.add(params.path("entry").path("text").asText());
          }
        }
        case "Network.requestWillBeSent" ->
            requests.add(params.path("request").path("url").asText());
        default -> {}
      }
    }
  }
}
