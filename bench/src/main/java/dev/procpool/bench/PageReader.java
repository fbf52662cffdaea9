package dev.procpool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the events of a live page as a browser does, in a process of its own. */
final class PageReader implements AutoCloseable {

  private final Process process;

  private PageReader(Process process) {
    this.process = process;
  }

  /** Gives a reader that has had its first event. */
  static PageReader start(URI page) throws IOException {
    List<String> small = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    Process process = Peers.jvm(small, PageReader.class, page.toString()).start();
    if (!"reads".equals(process.inputReader().readLine())) {
      process.destroyForcibly();
      throw new IOException("the live page can't be read");
    }
    return new PageReader(process);
  }

  /** Reads until it is killed or the page ends. */
  public static void main(String[] args) throws IOException {
    URI page = URI.create(args[0]);
    HttpURLConnection connection =
        (HttpURLConnection) page.resolve("/api/stream").toURL().openConnection();
    connection.setRequestProperty(
        "Authorization", "Bearer " + page.getFragment().substring("token=".length()));
    boolean isFirst = true;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (isFirst && line.startsWith("data: ")) {
          System.out.println("reads");
          isFirst = false;
        }
      }
    }
  }

  /** Throws if it has not read to this moment: a page that nobody reads costs less. */
  void check() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the live page's reader has ended");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
