package dev.procpool.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers browsers, with the JDK's own server.
 *
 * <pre>
 * GET  /, /page.css, …        the page: the same for all, without a token
 * GET  /api/stream?pool=&amp;since=  messages of {@link StateJson}, as server-sent events
 * GET  /api/state?pool=       one such message
 * POST /api/ACTION?pool=&amp;…    {@link Actions}, if they are allowed
 * </pre>
 *
 * <p>Thread-safe. Requests run on up to 48 threads; connections beyond that are closed.
 */
final class ViewServer {

  private static final int MOST_THREADS = 3 * Streams.MOST;
  private static final int MOST_QUERY = 1_000;

  private final HttpServer server;
  private final ExecutorService threads;
  private final ViewInfo view;
  private final Gate gate;
  private final Streams streams;
  private final PageFiles files = new PageFiles();

  ViewServer(InetSocketAddress address, ViewInfo view, Gate gate) throws IOException {
    this.view = view;
    this.gate = gate;
    this.streams = new Streams(view);
    this.threads = threads();
    this.server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static ExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        MOST_THREADS,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          String name = "procpool-view-http-" + number.incrementAndGet();
          Thread thread = new Thread(null, task, name, 0, false);
          thread.setDaemon(true);
          return thread;
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Looks after the readers: called now and then. */
  void look(long now) {
    streams.dropStuck(now);
  }

  void close() {
    streams.close();
    threads.shutdownNow();
    server.stop(0);
  }

  // ---------------------------------------------------------------- requests

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      boolean isData = path.startsWith("/api/");
      Gate.Refusal refusal = gate.refusal(exchange, isData);
      if (refusal != null) {
        Answers.say(exchange, refusal.status(), refusal.reason());
      } else if (isData) {
        handleData(exchange, path.substring("/api/".length()));
      } else {
        sendFile(exchange, path);
      }
    } catch (InterruptedException e) { // all ends
      Thread.currentThread().interrupt();
    }
  }

  private void sendFile(HttpExchange exchange, String path) throws IOException {
    PageFiles.PageFile file = files.get(path);
    String method = exchange.getRequestMethod();
    if (file == null) {
      Answers.say(exchange, 404, "there is no such page");
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      Answers.say(exchange, 405, "GET only");
    } else {
      Answers.send(exchange, 200, file.type(), file.bytes());
    }
  }

  private void handleData(HttpExchange exchange, String name)
      throws IOException, InterruptedException {
    Map<String, String> fields = fields(exchange.getRequestURI().getRawQuery());
    int position = position(fields.get("pool"));
    if (position < 0) {
      Answers.say(exchange, 404, "there is no such pool");
      return;
    }
    PoolFold fold = view.fold(position);
    boolean isQuestion = name.equals("stream") || name.equals("state");
    if (!exchange.getRequestMethod().equals(isQuestion ? "GET" : "POST")) {
      Answers.say(exchange, 405, isQuestion ? "GET only" : "POST only");
    } else if (name.equals("stream")) {
      streams.tell(exchange, fold, since(fields.get("since")));
    } else if (name.equals("state")) {
      fold.await(0, 1_000); // its first tick
      byte[] state = new StateJson(view, fold, since(fields.get("since"))).next();
      Answers.send(exchange, 200, "application/json", state);
    } else if (!view.allowsActions()) {
      Answers.say(exchange, 403, "this view only shows: open it with allowActions(true)");
    } else {
      String who = String.valueOf(exchange.getRemoteAddress());
      fields.remove("pool");
      Actions.Result result = Actions.act(name, fold.pool(), fields, who);
      Answers.say(exchange, result.status(), result.words());
    }
  }

  private int position(@Nullable String text) {
    try {
      int position = text == null ? 0 : Integer.parseInt(text);
      return position < view.size() ? position : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static long since(@Nullable String text) {
    try {
      return text == null ? -1 : Math.max(-1, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static Map<String, String> fields(@Nullable String query) {
    Map<String, String> fields = new HashMap<>();
    if (query != null && query.length() <= MOST_QUERY) {
      for (String field : query.split("&", -1)) {
        int equals = field.indexOf('=');
        if (equals > 0) {
          fields.put(field.substring(0, equals), decode(field.substring(equals + 1)));
        }
      }
    }
    return fields;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
