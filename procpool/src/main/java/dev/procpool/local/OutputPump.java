package dev.procpool.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A thread that reads one stream of a worker and passes it on line by line.
 *
 * <p>Bytes are put together to lines before they are decoded, so no character is cut. A line longer
 * than {@link #MAX_LINE_BYTES} is passed on in pieces, so that a flood without line ends takes no
 * memory.
 */
final class OutputPump implements Runnable {

  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final System.Logger LOG = System.getLogger("dev.procpool");

  private final InputStream in;
  private final Consumer<String> consumer;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  OutputPump(InputStream in, Consumer<String> consumer) {
    this.in = in;
    this.consumer = consumer;
  }

  /** Completes when the stream has ended and its last line was passed on. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8192];
    try (in) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        take(buffer, read);
      }
    } catch (IOException e) {
      // the process ended and its stream was closed: the same as its end
    } finally {
      if (line.size() > 0) {
        emit();
      }
      ended.complete(null);
    }
  }

  private void take(byte[] buffer, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        line.write(buffer, start, i - start);
        emit();
        start = i + 1;
      }
    }
    line.write(buffer, start, length - start);
    if (line.size() >= MAX_LINE_BYTES) {
      emit();
    }
  }

  private void emit() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    try {
      consumer.accept(text);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the consumer of a worker's output failed", e);
    }
  }
}
