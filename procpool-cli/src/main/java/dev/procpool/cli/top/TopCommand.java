package dev.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.limit.DurationConverter;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.options.Version;
import dev.procpool.cli.terminal.Streams;
import dev.procpool.cli.terminal.Terminal;
import dev.procpool.cli.terminal.TerminalSize;
import dev.procpool.view.PoolView;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code top}: the pools of another program as text, if that has a live page open. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Shows the pools of a program that has a live page open (PoolView, or --view), as text.",
      "%nEach worker's line has the last minute, two seconds a sign: '.' idle, '-' '=' '#' working a"
          + " third, two thirds or all of the time, s starting, F failed, T timed out, L lost."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  procpool top 4711", "  procpool top 'http://127.0.0.1:8080/#token=…' --once"})
public final class TopCommand implements Callable<Integer> {

  private static final String CLEAR = "\u001b[H\u001b[J";

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Parameters(
      paramLabel = "PID|URL",
      description = "The program's process identifier, or the URL of its page with the token.")
  String target;

  @Option(
      names = "--pool",
      paramLabel = "N",
      description = "Which of the program's pools, from 0. Default: the first.")
  int pool;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How often it is shown, as 500ms or 5s. Default: 1s.")
  Duration every = Duration.ofSeconds(1);

  @Option(names = "--once", description = "Show it once.")
  boolean once;

  @Option(names = "--debug", description = "Show stack traces of procpool's own errors.")
  boolean debug;

  private final Streams streams;

  public TopCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws Exception {
    if (pool < 0) {
      throw new UsageException("--pool must be 0 or more, was " + pool);
    }
    if (every.isZero() || every.isNegative()) {
      throw new UsageException("--every must be more than zero");
    }
    TopSource source = new TopSource(url(), pool);
    if (!Terminal.isStandardOutput()) {
      show(source, state -> new TopText(state, Integer.MAX_VALUE, Integer.MAX_VALUE).text());
      return 0;
    }
    try (TerminalSize size = new TerminalSize()) {
      show(
          source,
          state -> {
            size.refresh();
            int rows = once ? Integer.MAX_VALUE : size.rows(); // what is printed once scrolls
            return (once ? "" : CLEAR) + new TopText(state, size.columns(), rows).text();
          });
    }
    return 0;
  }

  private void show(TopSource source, Function<JsonNode, String> text)
      throws IOException, InterruptedException {
    while (true) {
      JsonNode state = source.next();
      write(text.apply(state));
      if (once || state.path("pool").path("state").asText().equals("TERMINATED")) {
        return;
      }
      Thread.sleep(every.toMillis());
    }
  }

  private URI url() throws IOException {
    if (!target.matches("[0-9]+")) {
      try {
        return URI.create(target);
      } catch (IllegalArgumentException e) {
        throw new UsageException("give a process identifier or a URL, not " + target, e);
      }
    }
    long pid = Long.parseLong(target);
    return PoolView.find(pid)
        .orElseThrow(
            () ->
                new UsageException(
                    ProcessHandle.of(pid).isEmpty()
                        ? "there is no process " + pid
                        : "process "
                            + pid
                            + " of this user has no live page open: it needs PoolView.open(pool) or"
                            + " --view"));
  }

  private void write(String text) throws IOException {
    OutputStream out = streams.out();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
