package dev.procpool.cli;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.guard.SafeText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One run of {@code map} or {@code starmap}: finds the method, checks it against the first row, and
 * only then opens the pool, streams the rows through it and writes what comes back.
 *
 * <p>Used by one thread, which takes the outcomes and writes; the pool's own thread reads the rows.
 */
final class Run {

  private static final int MOST_MESSAGES = 10;

  private final RunOptions options;
  private final Mode mode;
  private final Streams streams;
  private final PoolFactory pools;
  private final Console console;
  private final Tally tally = new Tally();
  private final Table table = new Table();
  private final List<String> jvmOptions = new ArrayList<>();
  private long complaints;

  Run(RunOptions options, Mode mode, Streams streams, PoolFactory pools) {
    this.options = options;
    this.mode = mode;
    this.streams = streams;
    this.pools = pools;
    this.console = new Console(streams.err());
  }

  /** Does it all; gives the exit code. */
  int call() throws Exception {
    options.check(mode);
    Input input = options.input(mode);
    TargetSpec spec = TargetSpec.parse(options.target);
    ClassPath classPath = ClassPath.parse(options.classPath);
    if (!spec.isSource()) {
      return call(spec, input, classPath, List.of());
    }
    try (SourceCompiler compiled =
        SourceCompiler.compile(Path.of(spec.owner()), classPath, streams.err())) {
      Runtime.getRuntime().addShutdownHook(new Thread(compiled::close)); // Ctrl-C
      jvmOptions.addAll(compiled.jvmOptions());
      return call(spec, input, compiled.classPath(), compiled.classNames());
    }
  }

  private int call(TargetSpec spec, Input input, ClassPath classPath, Collection<String> compiled)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader outer = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classPath.urls(), outer)) {
      thread.setContextClassLoader(loader); // inherited by the threads of a pool in this JVM
      Overloads overloads =
          new TargetResolver(loader, classPath, compiled).resolve(spec).fitting(mode, input);
      try (PeekedRows rows = new PeekedRows(input.open(streams.in()))) {
        Target target = overloads.choose(mode, rows, options.text.byPosition);
        if (options.text.dryRun) {
          return new DryRun(spec, target, mode, input, rows, options.text.byPosition)
              .show(streams.out());
        }
        return stream(target, rows, input, classPath);
      }
    } finally {
      thread.setContextClassLoader(outer);
    }
  }

  private int stream(Target target, PeekedRows rows, Input input, ClassPath classPath)
      throws Exception {
    long start = System.nanoTime();
    boolean quiet;
    try (ResultWriter writer = writer(target, rows.header())) {
      if (rows.peek() == null) {
        quiet = false;
      } else {
        showProgress(rows, input);
        MethodTask task =
            new MethodTask(
                target, mode, rows.header(), options.text.byPosition, options.stackTraces);
        PoolSettings settings =
            new PoolSettings(
                options.workerCount(), workerOptions(), classPath.entries(), task::prepare);
        try (Pool pool = pools.open(settings)) {
          quiet = consume(pool.with(taskOptions()), task, rows, writer);
          if (quiet) {
            pool.terminate();
          }
        }
      }
    } finally {
      console.close();
    }
    if (!quiet && !Shutdown.isUnderway()) {
      if (options.table) {
        streams.out().write(table.render(options.sort).getBytes(StandardCharsets.UTF_8));
        streams.out().flush();
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      streams.err().println(tally.summary(elapsed, options.workerCount()));
    }
    return tally.isAllWell() ? 0 : 1;
  }

  /** Writes the outcomes; gives true if the reader of the results has gone. */
  private boolean consume(Pool pool, MethodTask task, Rows rows, ResultWriter writer)
      throws IOException {
    InFlight inFlight = new InFlight(rows);
    try (ResultIterator<Reply> results =
        options.unordered ? pool.imapUnordered(task, inFlight) : pool.imap(task, inFlight)) {
      while (results.hasNext()) {
        Outcome<Reply> outcome = results.nextOutcome();
        Row row = inFlight.take(outcome.index());
        Reply reply = reply(outcome);
        try {
          writer.write(row, outcome, reply);
        } catch (IOException e) {
          if (options.out == null) {
            return true; // the reader of the pipe has seen enough
          }
          throw e;
        }
        tally.add(reply.status());
        if (options.table) {
          table.add(row, reply);
        }
        complain(row, outcome.index(), reply);
        console.step();
      }
    }
    return false;
  }

  private Reply reply(Outcome<Reply> outcome) {
    if (outcome instanceof Outcome.Success<Reply> success) {
      return success.value();
    }
    Throwable failure = outcome.failure().orElseThrow();
    if (failure instanceof TargetFailedException targetFailed) {
      throw targetFailed; // in this JVM: it fails for every item
    }
    if (failure instanceof PoolBrokenException broken) { // nothing runs any more
      throw broken.getCause() instanceof TargetFailedException targetFailed ? targetFailed : broken;
    }
    Status status =
        outcome instanceof Outcome.TimedOut
            ? Status.TIMED_OUT
            : outcome instanceof Outcome.WorkerLost
                ? Status.WORKER_LOST
                : outcome instanceof Outcome.Cancelled ? Status.CANCELLED : Status.FAILED;
    return new Reply(
        status,
        null,
        failure.getClass().getName(),
        SafeText.message(failure),
        stack(outcome, failure));
  }

  /** The task's own stack, where there is one. */
  private String stack(Outcome<Reply> outcome, Throwable failure) {
    boolean isOfTask =
        outcome instanceof Outcome.TimedOut<Reply> late
            ? !late.stack().isEmpty()
            : outcome instanceof Outcome.Failure;
    return options.stackTraces && isOfTask ? StackText.of(failure) : null;
  }

  private void complain(Row row, long index, Reply reply) {
    if (reply.status() == Status.OK || ++complaints > MOST_MESSAGES + 1 || Shutdown.isUnderway()) {
      return;
    }
    if (complaints == MOST_MESSAGES + 1) {
      console.message("more items are not well; the results name each");
    } else if (reply.status() == Status.INVALID) {
      console.message(
          reply.message() + (index == 0 && mayBeHeader(row) ? " (a header? --header)" : ""));
    } else {
      String what = reply.message() == null ? reply.error() : reply.message();
      String text =
          reply.status() == Status.FAILED && reply.message() != null
              ? reply.error() + ": " + what
              : what;
      console.message(row.where() + ": " + reply.status().text() + ": " + text);
    }
  }

  private boolean mayBeHeader(Row row) {
    return row.kind() == Row.Kind.FIELDS && row.line() == 1 && !options.header;
  }

  private void showProgress(Rows rows, Input input) {
    boolean wanted =
        switch (options.progress) {
          case always -> true;
          case never -> false;
          case auto -> Terminal.isStandardError();
        };
    if (wanted) {
      OptionalLong size = rows.size();
      console.showProgress(size.isPresent() ? size : input.guessSize(), Terminal.width());
    }
  }

  /** The source file's options first: what the user says comes after them, and wins. */
  private List<String> workerOptions() {
    return Stream.concat(jvmOptions.stream(), options.jvmOptions.stream()).toList();
  }

  private TaskOptions taskOptions() {
    TaskOptions task = TaskOptions.defaults();
    task = options.chunkSize == null ? task : task.chunkSize(options.chunkSize);
    task = options.lookAhead == null ? task : task.lookAhead(options.lookAhead);
    return options.timeout == null ? task : task.timeout(options.timeout);
  }

  private ResultWriter writer(Target target, List<String> header) {
    try {
      OutputStream bytes =
          options.out != null
              ? Files.newOutputStream(options.out)
              : options.table ? OutputStream.nullOutputStream() : streams.out();
      Writer text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
      return new ResultWriter(
          text, new ArgumentsText(target, mode, header, options.text.byPosition));
    } catch (IOException e) {
      throw new UsageException("--out " + options.out + " can't be written: " + e.getMessage(), e);
    }
  }
}
