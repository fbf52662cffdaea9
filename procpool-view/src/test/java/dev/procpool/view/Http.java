package dev.procpool.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Requests as bytes, since the JDK's client sends no other host than that which it connects to. */
final class Http {

  private static final JsonMapper JSON = new JsonMapper();

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String body) {

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }
  }

  private final URI url;
  final Map<String, String> headers = new LinkedHashMap<>();

  /** As the page itself asks. */
  Http(PoolView view) {
    this(view.url());
  }

  Http(URI url) {
    this.url = url;
    headers.put("Host", url.getAuthority());
    headers.put("Authorization", "Bearer " + token(url));
  }

  static String token(URI url) {
    return url.getFragment().substring("token=".length());
  }

  /** With another header; null for none. */
  Http with(String name, String value) {
    Http other = new Http(url);
    other.headers.putAll(headers);
    if (value == null) {
      other.headers.remove(name);
    } else {
      other.headers.put(name, value);
    }
    return other;
  }

  Answer get(String path) throws IOException {
    return ask("GET", path);
  }

  Answer post(String path) throws IOException {
    return ask("POST", path);
  }

  Answer ask(String method, String path) throws IOException {
    try (Socket socket = open(method, path)) {
      return read(new ByteArrayInputStream(socket.getInputStream().readAllBytes()));
    }
  }

  /** Asks, and leaves the answer to the caller. */
  Socket open(String method, String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
    socket.setSoTimeout(60_000);
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Connection: close\r\nContent-Length: 0\r\n\r\n");
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static Answer read(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ")[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    return new Answer(status, headers, new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** The next line, without its end. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the answer ends at: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** The next message of a stream. */
  static JsonNode message(InputStream in) throws IOException {
    while (true) {
      String line = line(in);
      if (line.startsWith("data: ")) {
        return JSON.readTree(
            new String(
                line.substring(6).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      }
    }
  }
}
