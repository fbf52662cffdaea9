package dev.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.cli.pool.PoolFactory;
import dev.procpool.cli.pool.PoolSettings;
import dev.procpool.cli.terminal.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the command line in this JVM on a {@link FakePool} and keeps what it writes. */
public final class CommandLineFixture {

  private static final JsonMapper JSON = new JsonMapper();

  public final Map<Long, Outcome<?>> scripted = new HashMap<>();
  public final List<PoolSettings> opened = new ArrayList<>();
  public final List<TaskOptions> taskOptions = new ArrayList<>();
  public OutputStream out = new ByteArrayOutputStream();
  public String err = "";

  public int run(String standardInput, String... args) {
    return run(new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8)), args);
  }

  public int run(InputStream standardInput, String... args) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PoolFactory pools =
        settings -> {
          opened.add(settings);
          return new FakePool(scripted, taskOptions);
        };
    try (PrintStream printed = new PrintStream(errors, true, StandardCharsets.UTF_8)) {
      return Procpool.commandLine(new Streams(standardInput, out, printed), pools).execute(args);
    } finally {
      err = errors.toString(StandardCharsets.UTF_8);
    }
  }

  public String out() {
    return ((ByteArrayOutputStream) out).toString(StandardCharsets.UTF_8);
  }

  public List<JsonNode> results() {
    return out().lines().map(CommandLineFixture::json).toList();
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  public static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
