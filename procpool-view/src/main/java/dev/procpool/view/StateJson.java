package dev.procpool.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What one reader is told of a pool: one JSON object with the figures of all ticks since the last,
 * and the pool as it is now. So a reader that comes late is told the newest state, and what it has
 * missed once. Owned by the reader's thread.
 */
final class StateJson {

  private static final JsonFactory JSON = new JsonFactory();

  private final ViewInfo view;
  private final PoolFold fold;
  private long told;
  private long failuresTold = -1;
  private long endsTold = -1;

  /** For a reader who knows of all ticks up to one; -1 for none. */
  StateJson(ViewInfo view, PoolFold fold, long told) {
    this.view = view;
    this.fold = fold;
    this.told = told;
  }

  long told() {
    return told;
  }

  /** The next message; all that is new. */
  byte[] next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      fold.read(() -> write(json));
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json) throws IOException {
    long last = fold.tick();
    if (told > last) {
      told = -1; // of another pool, or a program before
    }
    long first = Math.max(told + 1, last - Series.TICKS + 1);
    json.writeStartObject();
    json.writeNumberField("tick", last);
    json.writeNumberField("first", first);
    view.write(json);
    writePool(json);
    writeSeries(json, first, last);
    writeWorkers(json, first, last);
    writeCalls(json);
    if (failuresTold != fold.failures().version()) {
      failuresTold = fold.failures().version();
      writeFailures(json);
    }
    if (endsTold != fold.ends().version()) {
      endsTold = fold.ends().version();
      writeEnds(json);
    }
    json.writeEndObject();
    told = last;
  }

  // ---------------------------------------------------------------- the pool

  private void writePool(JsonGenerator json) throws IOException {
    PoolStats stats = fold.latest();
    if (stats == null) {
      return;
    }
    json.writeObjectFieldStart("pool");
    json.writeStringField("name", stats.pool());
    json.writeStringField("state", stats.state().name());
    json.writeBooleanField("broken", stats.isBroken());
    if (fold.cause().isPresent()) {
      json.writeStringField("cause", FailureText.cut(text(fold.cause().get()), 4_000));
    }
    json.writeNumberField("target", stats.targetWorkers());
    json.writeNumberField("missed", fold.missed());
    writeOptions(json, fold.pool().options());
    writeTotals(json, stats.totals());
    json.writeEndObject();
  }

  private static String text(Throwable cause) {
    try {
      return cause.toString();
    } catch (Throwable e) { // the user's own code
      return cause.getClass().getName();
    }
  }

  private static void writeOptions(JsonGenerator json, TaskOptions options) throws IOException {
    json.writeObjectFieldStart("options");
    if (options.chunkSize().isPresent()) {
      json.writeNumberField("chunkSize", options.chunkSize().getAsInt());
    }
    if (options.lookAhead().isPresent()) {
      json.writeNumberField("lookAhead", options.lookAhead().getAsInt());
    }
    seconds(json, "timeout", options.timeout());
    seconds(json, "stallTimeout", options.stallTimeout());
    seconds(json, "cpuTimeout", options.cpuTimeout());
    if (options.retry().isPresent()) {
      json.writeStringField("retry", options.retry().get().toString());
    }
    json.writeEndObject();
  }

  private static void seconds(JsonGenerator json, String name, Optional<Duration> time)
      throws IOException {
    if (time.isPresent()) {
      json.writeNumberField(name, TimeUnit.MILLISECONDS.convert(time.get()) / 1e3); // saturates
    }
  }

  private static void writeTotals(JsonGenerator json, PoolStats.Totals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeObjectFieldStart("items");
    for (OutcomeKind kind : OutcomeKind.values()) {
      json.writeNumberField(Series.Figure.of(kind).key, totals.items().getOrDefault(kind, 0L));
    }
    json.writeEndObject();
    json.writeNumberField("retries", totals.retries());
    json.writeNumberField("starts", totals.workerStarts());
    json.writeObjectFieldStart("ends");
    for (WorkerEnd why : WorkerEnd.values()) {
      long count = totals.workerEnds().getOrDefault(why, 0L);
      if (count > 0) {
        json.writeNumberField(why.name(), count);
      }
    }
    json.writeEndObject();
    json.writeNumberField("sent", totals.sentBytes());
    json.writeNumberField("received", totals.receivedBytes());
    writeDistribution(json, "run", totals.runTimes());
    writeDistribution(json, "wait", totals.queueWaits());
    json.writeEndObject();
  }

  private static void writeDistribution(
      JsonGenerator json, String name, PoolStats.Distribution spread) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", spread.count());
    json.writeNumberField("p50", spread.p50Nanos() / 1_000);
    json.writeNumberField("p95", spread.p95Nanos() / 1_000);
    json.writeNumberField("p99", spread.p99Nanos() / 1_000);
    json.writeNumberField("max", spread.maxNanos() / 1_000);
    json.writeEndObject();
  }

  // ---------------------------------------------------------------- by tick

  private void writeSeries(JsonGenerator json, long first, long last) throws IOException {
    json.writeObjectFieldStart("series");
    for (Series.Figure figure : Series.Figure.values()) {
      json.writeArrayFieldStart(figure.key);
      for (long tick = first; tick <= last; tick++) {
        json.writeNumber(fold.series().get(figure, tick));
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void writeWorkers(JsonGenerator json, long first, long last) throws IOException {
    PoolStats stats = fold.latest();
    List<PoolStats.Worker> workers = stats == null ? List.of() : stats.workers();
    Set<Integer> written = new HashSet<>();
    json.writeArrayFieldStart("workers");
    for (PoolStats.Worker worker : workers) {
      json.writeStartObject();
      writeInfo(json, worker.info());
      if (worker.item().isPresent()) {
        writeItem(json, worker.item().get());
      }
      int number = worker.info().number();
      json.writeStringField(
          "lane", written.add(number) ? fold.lanes().cells(number, first, last) : "");
      json.writeEndObject();
    }
    for (int number : fold.lanes().workers()) {
      if (written.add(number)) {
        json.writeStartObject();
        json.writeNumberField("n", number);
        json.writeStringField("host", fold.lanes().host(number));
        json.writeStringField("lane", fold.lanes().cells(number, first, last));
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeInfo(JsonGenerator json, WorkerInfo info) throws IOException {
    json.writeNumberField("n", info.number());
    json.writeStringField("host", info.host());
    json.writeNumberField("pid", info.pid());
    json.writeStringField("state", info.state().name());
    json.writeNumberField("done", info.tasksDone());
    if (info.memoryBytes().isPresent()) {
      json.writeNumberField("memory", info.memoryBytes().getAsLong());
    }
  }

  private static void writeItem(JsonGenerator json, PoolStats.Item item) throws IOException {
    json.writeObjectFieldStart("item");
    writeCall(json, item.call());
    json.writeNumberField("index", item.index());
    json.writeNumberField("attempt", item.attempt());
    json.writeNumberField("ms", item.running().toMillis());
    if (item.progress().isPresent()) {
      json.writeNumberField("fraction", item.progress().get().fraction());
      json.writeStringField("note", item.progress().get().note());
    }
    json.writeEndObject();
  }

  private static void writeCall(JsonGenerator json, PoolEvent.Call call) throws IOException {
    json.writeNumberField("call", call.number());
    if (call.label().isPresent()) {
      json.writeStringField("label", FailureText.cut(call.label().get(), 200));
    }
  }

  private void writeCalls(JsonGenerator json) throws IOException {
    PoolStats stats = fold.latest();
    List<PoolStats.Call> calls = stats == null ? List.of() : stats.calls();
    json.writeNumberField("openCalls", calls.size());
    json.writeArrayFieldStart("calls");
    for (PoolStats.Call call : calls.subList(0, Math.min(CallRates.MOST, calls.size()))) {
      json.writeStartObject();
      writeCall(json, call.call());
      if (call.total().isPresent()) {
        json.writeNumberField("total", call.total().getAsLong());
      }
      json.writeNumberField("done", call.done());
      json.writeNumberField("failed", call.failed());
      json.writeNumberField("rate", tenths(fold.rates().rate(call.call().number())));
      json.writeNumberField("left", tenths(fold.rates().secondsLeft(call)));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  // ---------------------------------------------------------------- what went wrong

  private void writeFailures(JsonGenerator json) throws IOException {
    json.writeNumberField("unsorted", fold.failures().unsorted());
    json.writeArrayFieldStart("failures");
    for (FailureTable.Group group : fold.failures().groups()) {
      json.writeStartObject();
      json.writeStringField("kind", Series.Figure.of(group.kind).key);
      json.writeStringField("type", group.text.type());
      json.writeStringField("message", group.text.message());
      json.writeStringField("stack", group.text.stack());
      json.writeNumberField("count", group.count);
      json.writeNumberField("retried", group.retried);
      writeCall(json, group.call);
      json.writeNumberField("index", group.index);
      json.writeNumberField("attempt", group.attempt);
      if (group.worker.isPresent()) {
        writeWorker(json, group.worker.get());
      }
      json.writeNumberField("first", group.first.toEpochMilli());
      json.writeNumberField("last", group.at.toEpochMilli());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Leaves out what nobody knows of it. */
  private static void writeWorker(JsonGenerator json, PoolEvent.Worker worker) throws IOException {
    if (worker.number() >= 0) {
      json.writeNumberField("worker", worker.number());
    }
    json.writeStringField("host", worker.host());
    if (worker.pid() > 0) {
      json.writeNumberField("pid", worker.pid());
    }
  }

  private void writeEnds(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("ends");
    for (PoolEvent.WorkerGone end : fold.ends().all()) {
      json.writeStartObject();
      json.writeNumberField("n", end.worker().number());
      json.writeStringField("host", end.worker().host());
      json.writeNumberField("pid", end.worker().pid());
      json.writeStringField("why", end.why().name());
      if (end.exit().isPresent()) {
        json.writeStringField("how", end.exit().get().describe());
        List<String> words = end.exit().get().stderrTail();
        json.writeStringField("words", FailureText.cut(String.join("\n", words), 8_000));
        if (end.exit().get().crashFile().isPresent()) {
          json.writeStringField("crashFile", end.exit().get().crashFile().get().toString());
        }
      }
      json.writeNumberField("items", end.items());
      json.writeNumberField("lived", end.lived().toMillis());
      json.writeNumberField("at", end.at().toEpochMilli());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
