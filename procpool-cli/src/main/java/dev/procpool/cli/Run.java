package dev.procpool.cli;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import java.io.IOException;
import java.io.Writer;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * One run of {@code map} or {@code starmap}: finds the method, checks it against the first row, and
 * only then opens the pool, streams the rows through it and writes what comes back.
 *
 * <p>Used by one thread, which takes the outcomes and writes; the pool's own thread reads the rows.
 */
final class Run {

  private final RunOptions options;
  private final Mode mode;
  private final Streams streams;
  private final PoolFactory pools;
  private final Console console;
  private final Tally tally = new Tally();
  private final Table table = new Table();
  private final RunReport report = new RunReport();
  private final Complaints complaints;
  private final List<String> jvmOptions = new ArrayList<>();
  private RunProgress progress;
  private InitMethod init; // null for nothing

  /** How many workers the pool had. */
  private int workers;

  Run(RunOptions options, Mode mode, Streams streams, PoolFactory pools) {
    this.options = options;
    this.mode = mode;
    this.streams = streams;
    this.pools = pools;
    this.console = new Console(streams.err());
    this.complaints = new Complaints(console, options.header);
    this.workers = options.workerCount();
  }

  /** Does it all; gives the exit code. */
  int call() throws Exception {
    options.check(mode);
    Input input = options.input(mode);
    ResultFile file = null;
    if (options.out != null) {
      file = ResultFile.check(options.out, input, options.output);
      input = input.without(file.keys());
    }
    TargetSpec spec = TargetSpec.parse(options.target);
    ClassPath classPath = ClassPath.parse(options.classPath);
    if (!spec.isSource()) {
      return call(spec, input, file, classPath, List.of());
    }
    try (SourceCompiler compiled =
        SourceCompiler.compile(Path.of(spec.owner()), classPath, streams.err())) {
      jvmOptions.addAll(compiled.jvmOptions());
      return call(spec, input, file, compiled.classPath(), compiled.classNames());
    }
  }

  private int call(
      TargetSpec spec,
      Input input,
      ResultFile file,
      ClassPath classPath,
      Collection<String> compiled)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader outer = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classPath.urls(), outer)) {
      thread.setContextClassLoader(loader); // inherited by the threads of a pool in this JVM
      TargetResolver resolver = new TargetResolver(loader, classPath, compiled);
      Overloads overloads = resolver.resolve(spec).fitting(mode, input);
      if (options.pool.init != null) {
        init = InitMethod.find(options.pool.init, spec, resolver);
      }
      PeekedRows rows = new PeekedRows(input.open(streams.in()));
      boolean closeable = !input.isStandardInput(); // else a thread may wait for more of it
      try {
        Target target = overloads.choose(mode, rows, options.text.byPosition);
        int exitCode =
            options.text.dryRun
                ? new DryRun(spec, target, mode, input, rows, options.text.byPosition)
                    .show(StandardOutput.open(streams.out()))
                : stream(target, rows, input, file, classPath);
        closeable &= exitCode < Stop.SIGNALLED;
        return exitCode;
      } finally {
        if (closeable) {
          rows.close();
        }
      }
    } finally {
      thread.setContextClassLoader(outer);
    }
  }

  private int stream(
      Target target, PeekedRows rows, Input input, ResultFile file, ClassPath classPath)
      throws Exception {
    long start = System.nanoTime();
    MethodTask task =
        new MethodTask(
            target,
            mode,
            rows.header(),
            options.text.byPosition,
            new MethodTask.Extras(
                init, options.stackTraces, options.output.capture, options.halting.moreAttempts()));
    ResultLine lines =
        new ResultLine(
            new ArgumentsText(target, mode, rows.header(), options.text.byPosition),
            options.halting.retry().isPresent());
    try (Journal journal = journal(target, input, file, classPath);
        Stop stop = new Stop(console, options.halting, journal != null && journal.hasOk());
        Sink sink = sink(journal, file, lines)) {
      try {
        if (rows.peek() != null) {
          RowKeys keys =
              journal == null
                  ? null
                  : new RowKeys(
                      mode, rows.header(), options.text.byPosition, !input.globs().isEmpty());
          InFlight items = new InFlight(rows, keys, journal, options.output.again());
          showBlock(items);
          runAll(task, items, classPath, sink, stop, total(rows, input));
        }
        console.close();
        if (journal != null) {
          tally.addKept(journal.kept());
        }
        end(sink, journal, file, stop);
        if (!Shutdown.isUnderway()) {
          conclude(journal, file, stop, Duration.ofNanos(System.nanoTime() - start));
        }
      } catch (ReaderGoneException e) {
        // has seen enough
      }
      return stop.isUnderway() ? stop.exitCode() : tally.isAllWell() ? 0 : 1;
    } catch (UsageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (file != null && Files.isRegularFile(file.part()) && !Shutdown.isUnderway()) {
        console.message(file.howToGoOn());
      }
      throw e;
    } finally {
      console.close();
    }
  }

  private void runAll(
      MethodTask task,
      InFlight items,
      ClassPath classPath,
      Sink sink,
      Stop stop,
      OptionalLong total)
      throws IOException {
    PoolSettings settings =
        new PoolSettings(
            options.workerCount(),
            options.pool,
            workerOptions(),
            classPath.entries(),
            task::prepare,
            options.output.report ? Optional.of(report) : Optional.empty(),
            console);
    Pool pool = pools.open(settings);
    boolean ended = false;
    try (MedianLimit median = medianLimit(items);
        RatedRows<String> rated = rated(median == null ? items : median);
        RunProgress shown =
            new RunProgress(console, total, pool, items::describe, options.lineEvery())) {
      progress = shown;
      Iterable<String> rows = rated != null ? rated : median != null ? median : items;
      consume(pool.with(options.taskOptions(median)), task, rows, items, median, sink, stop);
      ended = true;
      if (options.cluster.isGiven()) {
        workers = pool.stats().targetWorkers(); // which grows with the cluster
      }
    } finally {
      if (stop.isUnderway() || !ended) {
        pool.terminate();
        pool.close(Duration.ofSeconds(2)); // somebody may wait for more rows
      } else {
        pool.close();
      }
    }
  }

  private RatedRows<String> rated(Iterable<String> rows) {
    return options.pool.rate == null ? null : new RatedRows<>(rows, options.pool.rate);
  }

  private MedianLimit medianLimit(InFlight items) {
    return options.isByMedian()
        ? new MedianLimit(items, options.timeout.factor(), options.workerCount())
        : null;
  }

  /** Hands on the outcomes. */
  private void consume(
      Pool pool,
      MethodTask task,
      Iterable<String> rows,
      InFlight items,
      MedianLimit median,
      Sink sink,
      Stop stop)
      throws IOException {
    boolean asTheyCome = options.unordered || median != null || sink instanceof JournalSink;
    Replies replies = new Replies(options.stackTraces, median);
    try (ResultIterator<String> results =
        asTheyCome ? pool.imapUnordered(task, rows) : pool.imap(task, rows)) {
      stop.watch(results);
      if (median != null) {
        median.watch(pool);
      }
      while (results.hasReady() || hasNext(results, sink)) {
        Outcome<String> outcome = results.nextOutcome();
        Result result = new Result(items.take(outcome.index()), outcome, replies.of(outcome));
        if (result.status() == Status.CANCELLED && stop.isUnderway()) {
          continue; // it was not run
        }
        try {
          sink.write(result);
          if (result.status() != Status.OK) {
            sink.flush(); // before what is said of it
          }
        } catch (IOException e) {
          throw unwritten(e);
        }
        note(result);
        stop.sees(result.reply());
      }
    } catch (CancellationException e) {
      if (!stop.isUnderway()) {
        throw e;
      }
    }
  }

  /** Waits for a result, after what is there was passed on: a reader may wait for it. */
  private boolean hasNext(ResultIterator<String> results, Sink sink) throws IOException {
    try {
      sink.flush();
    } catch (IOException e) {
      throw unwritten(e);
    }
    return results.hasNext();
  }

  private void note(Result result) {
    tally.add(result.status());
    if (options.table && !options.unordered) {
      table.addLater(result);
    } else if (options.table) {
      table.add(result.row(), result.reply());
    }
    if (options.output.report) {
      report.add(result);
    }
    complaints.sees(result.row(), result.item().index(), result.reply());
    progress.add(result.status());
  }

  private void end(Sink sink, Journal journal, ResultFile file, Stop stop) throws IOException {
    try {
      stop.allDone();
      if (stop.isUnderway()) {
        sink.release();
      } else {
        sink.end();
        showAll(journal, file);
      }
    } catch (ReaderGoneException e) {
      if (journal == null) {
        throw e;
      }
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  /** Prints what is printed when all is done. */
  private void showAll(Journal journal, ResultFile file) throws IOException {
    if (options.table) {
      Table shown = table;
      if (journal != null && !journal.kept().isEmpty()) {
        shown = new Table();
        try (Stream<String> lines = Files.lines(file.target())) {
          JournalSink.results(lines).map(Printer::parse).forEach(shown::add);
        }
      }
      Writer text = StandardOutput.open(streams.out());
      text.write(shown.render(options.sort));
      text.flush();
    } else if (journal != null && options.output.print != null) {
      try (Stream<String> lines = Files.lines(file.target())) {
        Writer text = StandardOutput.open(streams.out());
        PrintSink.printAll(JournalSink.results(lines), text, options.output);
      }
    }
  }

  /** Says how it went, and what there is to do. */
  private void conclude(Journal journal, ResultFile file, Stop stop, Duration elapsed) {
    if (journal != null && options.output.goesOn()) {
      console.message(journal.summary(!stop.isUnderway()));
    }
    if (options.output.report) {
      report.lines().forEach(console::line);
    }
    console.line(tally.summary(elapsed, workers));
    if (stop.isUnderway()) {
      console.message(
          journal == null
              ? "the rest was not run; with --out FILE a run can be gone on with"
              : file.howToGoOn());
    }
  }

  /** A block goes where a person looks, and tasks print by way of the pool. */
  private void showBlock(InFlight items) {
    if (options.progress != RunOptions.ProgressWhen.never
        && !options.inProcess
        && Terminal.isStandardError()
        && Terminal.takesCommands()) {
      console.showBlock(items::where);
    }
  }

  private OptionalLong total(Rows rows, Input input) {
    if (options.total != null) {
      return OptionalLong.of(options.total);
    }
    OptionalLong size = rows.size();
    return size.isPresent() ? size : input.guessSize();
  }

  /** The source file's options first: what the user says comes after them, and wins. */
  private List<String> workerOptions() {
    return Stream.concat(jvmOptions.stream(), options.pool.jvmOptions.stream()).toList();
  }

  /** Says which file it was, unless it was standard output, which tells that itself. */
  private IOException unwritten(IOException e) {
    return e instanceof BrokenOffException
        ? e
        : new BrokenOffException(
            "--out " + options.out + " can't be written: " + e.getMessage(), e);
  }

  private Journal journal(Target target, Input input, ResultFile file, ClassPath classPath)
      throws IOException {
    if (file == null || !file.isJournaled()) {
      return null;
    }
    String called = JournalHeader.called(mode, target, options.pool.init);
    JournalHeader now = new JournalHeader(called, CodeHash.of(classPath), input.identity());
    try {
      return file.open(now, console);
    } catch (IOException e) {
      throw new UsageException("--out " + options.out + " can't be written: " + e.getMessage(), e);
    }
  }

  private Sink sink(Journal journal, ResultFile file, ResultLine lines) throws IOException {
    if (journal != null) {
      return new JournalSink(journal, file.target(), lines, !options.unordered);
    }
    if (file != null) {
      return PrintSink.of(file.target(), lines, options.output);
    }
    if (options.table) {
      return Sink.none();
    }
    Sink printed = PrintSink.of(console.standardOutput(streams.out()), lines, options.output);
    return options.isByMedian() && !options.unordered
        ? new InOrder(printed)
        : printed; // none waits for others
  }
}
