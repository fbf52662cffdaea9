package dev.procpool.cli.run;

import dev.procpool.PoolObserver;
import dev.procpool.cli.journal.Journal;
import dev.procpool.cli.journal.ResultFile;
import dev.procpool.cli.message.BrokenOffException;
import dev.procpool.cli.options.RunOptions;
import dev.procpool.cli.output.InOrder;
import dev.procpool.cli.output.JournalSink;
import dev.procpool.cli.output.PrintSink;
import dev.procpool.cli.output.Result;
import dev.procpool.cli.output.ResultLine;
import dev.procpool.cli.output.Sink;
import dev.procpool.cli.output.Table;
import dev.procpool.cli.reply.ResultJson;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.report.Complaints;
import dev.procpool.cli.report.RunReport;
import dev.procpool.cli.report.Tally;
import dev.procpool.cli.stop.Stop;
import dev.procpool.cli.terminal.Console;
import dev.procpool.cli.terminal.ReaderGoneException;
import dev.procpool.cli.terminal.StandardOutput;
import dev.procpool.cli.terminal.Streams;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a run's results: where they are written, what is counted, and what a person is
 * told of them, at once and at the end. Used by the thread that takes the outcomes.
 */
final class RunResults implements AutoCloseable {

  private final RunOptions options;
  private final Streams streams;
  private final Console console;
  private final @Nullable Journal journal; // null without a file that can be gone on with
  private final @Nullable ResultFile file; // null for standard output
  private final Sink sink;
  private final Tally tally = new Tally();
  private Table table = new Table();
  private final RunReport report = new RunReport();
  private final Complaints complaints;

  /** How many workers the pool had. */
  private int workers;

  private RunResults(
      RunOptions options,
      Streams streams,
      Console console,
      @Nullable Journal journal,
      @Nullable ResultFile file,
      Sink sink) {
    this.options = options;
    this.streams = streams;
    this.console = console;
    this.journal = journal;
    this.file = file;
    this.sink = sink;
    this.complaints = new Complaints(console, options.header);
    this.workers = options.workerCount();
  }

  /**
   * Opens what results go to.
   *
   * @param options what the user wants
   * @param streams the standard streams
   * @param console where a person is told of them
   * @param journal has the results of before, and takes the new ones; null without one
   * @param file the file that they are for; null for standard output
   * @param lines writes a result as a line
   */
  static RunResults open(
      RunOptions options,
      Streams streams,
      Console console,
      @Nullable Journal journal,
      @Nullable ResultFile file,
      ResultLine lines)
      throws IOException {
    Sink sink;
    if (file != null && journal != null) {
      sink = new JournalSink(journal, file.target(), lines, !options.unordered);
    } else if (file != null) {
      sink = PrintSink.of(file.target(), lines, options.output.form(), console::message);
    } else if (options.table) {
      sink = Sink.none();
    } else {
      Sink printed =
          PrintSink.of(
              console.standardOutput(streams.out()),
              lines,
              options.output.form(),
              console::message);
      boolean comeInNoOrder = options.isByMedian() && !options.unordered; // none waits for others
      sink = comeInNoOrder ? new InOrder(printed) : printed;
    }
    return new RunResults(options, streams, console, journal, file, sink);
  }

  /** Tells whether results may come in any order, since they are put in order at the end. */
  boolean arePutInOrder() {
    return journal != null;
  }

  /** Gives what the pool is to tell of its workers for the report, if that is wanted. */
  Optional<PoolObserver> observer() {
    return options.output.report ? Optional.of(report) : Optional.empty();
  }

  /** Takes note of how many workers the pool had, where that is not what was asked for. */
  void ranOn(int count) {
    workers = count;
  }

  /** Writes a result and takes note of it. */
  void take(Result result) throws IOException {
    try {
      sink.write(result);
      if (result.status() != Status.OK) {
        sink.flush(); // before what is said of it
      }
    } catch (IOException e) {
      throw unwritten(e);
    }
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
  }

  /** Passes on what was written: the next result may take long, and a reader may wait. */
  void flush() throws IOException {
    try {
      sink.flush();
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  /** Writes what was held back, and prints what is printed when all is done. */
  void end(Stop stop) throws IOException {
    if (journal != null) {
      tally.addKept(journal.kept());
    }
    try {
      stop.allDone();
      if (stop.isUnderway()) {
        sink.release();
      } else {
        sink.end();
        showAll();
      }
    } catch (ReaderGoneException e) {
      if (journal == null) {
        throw e;
      }
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  private void showAll() throws IOException {
    if (options.table) {
      if (file != null && journal != null && !journal.kept().isEmpty()) {
        table = new Table();
        try (Stream<String> lines = Files.lines(file.target())) {
          JournalSink.results(lines).map(ResultJson::parse).forEach(table::add);
        }
      }
      Writer text = StandardOutput.open(streams.out());
      text.write(table.render(options.sort));
      text.flush();
    } else if (file != null && journal != null && options.output.print != null) {
      try (Stream<String> lines = Files.lines(file.target())) {
        Writer text = StandardOutput.open(streams.out());
        PrintSink.printAll(
            JournalSink.results(lines), text, options.output.form(), console::message);
      }
    }
  }

  /** Says how it went, and what there is to do. */
  void conclude(Stop stop, Duration elapsed) {
    if (journal != null && options.output.goesOn()) {
      console.message(journal.summary(!stop.isUnderway()));
    }
    if (options.output.report) {
      report.lines().forEach(console::line);
    }
    console.line(tally.summary(elapsed, workers));
    if (stop.isUnderway()) {
      console.message(
          file == null || journal == null
              ? "the rest was not run; with --out FILE a run can be gone on with"
              : file.howToGoOn());
    }
  }

  /** Refuses an option about results that turned out to be for others, once they are shown. */
  void check() {
    if (options.sort != null) {
      table.requireColumn(options.sort);
    }
  }

  /** Tells whether all items went well, those of the runs before among them. */
  boolean areAllWell() {
    return tally.isAllWell();
  }

  /** Says which file it was, unless it was standard output, which tells that itself. */
  private IOException unwritten(IOException e) {
    return e instanceof BrokenOffException
        ? e
        : new BrokenOffException(
            "--out " + options.out + " can't be written: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
