package dev.procpool.cli.options;

import dev.procpool.TaskOptions;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.input.ArgumentLists;
import dev.procpool.cli.input.Format;
import dev.procpool.cli.input.Input;
import dev.procpool.cli.limit.MedianLimit;
import dev.procpool.cli.limit.TimeLimit;
import dev.procpool.cli.message.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The arguments and options of {@code map} and {@code starmap}. Filled by picocli, then read only.
 */
public final class RunOptions {

  /** How many rows are out by default: so many that source and results seldom wait. */
  public static final int ROWS_AHEAD = 1 << 13;

  /** How many of them may be large: as many as a pool has out by default. */
  private static final int LARGE_ROWS_AHEAD = 1 << 10;

  /** When progress is shown. */
  public enum ProgressWhen {
    /** As a block on a terminal, else as a line each half a minute. */
    auto,
    /** Elsewhere as a line each second. */
    always,
    /** Not at all. */
    never
  }

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Parameters(
      index = "0",
      paramLabel = "TARGET",
      description = {
        "The method: com.acme.Pricing::price on --classpath or in the JDK, or Price.java::price, a"
            + " source file that is compiled first. It is static, or its class has a constructor"
            + " without parameters (one object a worker, made before its first item). Overloads are"
            + " told apart by types: 'Price::price(int,double)'."
      })
  public String target;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INPUT",
      description =
          "The file to read rows from; none or - is standard input. What gzip, xz, zstd or bzip2 has"
              + " packed is unpacked, whatever its name.")
  @Nullable String input;

  @Option(
      names = {"-c", "--classpath"},
      paramLabel = "PATH",
      description =
          "Where the target and what it needs is: jars, directories, 'dir/*' for all jars in it,"
              + " separated as in java -cp. Repeatable.")
  public List<String> classPath = new ArrayList<>();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description =
          "csv, tsv, jsonl (one JSON value a line) or lines (one item a line). Default: by the"
              + " file's extension, else csv for starmap and lines for map.")
  @Nullable Format format;

  @Option(
      names = "--header",
      negatable = true,
      description =
          "The first CSV row holds names, or with --no-header (the default) it is data. Columns are"
              + " bound to parameters (source files, or classes compiled with -parameters) or record"
              + " components of the same names, all of which must be there; by position if the names"
              + " of parameters are not known.")
  public boolean header;

  @Mixin public InputOptions text = new InputOptions();

  @Option(
      names = "--files",
      paramLabel = "GLOB",
      description =
          "Instead of INPUT: one item a file, for a parameter of type Path, File, String (the path)"
              + " or byte[] (the content). '**' crosses directories, a '/' at the end matches"
              + " directories, 'jrt:/*/' is the JDK's own modules. Quote it. Repeatable.")
  List<String> files = new ArrayList<>();

  @Mixin public PoolOptions pool = new PoolOptions();

  @Option(
      names = "--chunk-size",
      paramLabel = "N",
      description = "Items sent to a worker at a time. Default: chosen while running.")
  @Nullable Integer chunkSize;

  @Option(
      names = "--look-ahead",
      paramLabel = "N",
      description =
          "The most items between input and output: what a slow item at the front may hold up."
              + " Default: 8192, of which 1024 may have more than 1024 characters.")
  @Nullable Integer lookAhead;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "TIME",
      converter = TimeLimit.Converter.class,
      description =
          "The longest time for one item, as 500ms, 2s, 5m or PT2S; or 5x, five times the median of"
              + " those that have ended, and 100 ms at least. What the target's constructor and"
              + " static initializer take is not counted. Default: none.")
  public @Nullable TimeLimit timeout;

  @Option(
      names = {"-u", "--unordered"},
      description = "Write results as they come. Default: in the order of the input.")
  public boolean unordered;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "Write the results there: to FILE.part while it runs, so that a run that is broken off"
              + " can be gone on with. A file that exists is not touched without --resume,"
              + " --retry-failed or --force. Default: standard output.")
  public @Nullable Path out;

  @Option(
      names = "--table",
      description =
          "Print a table for people on standard output when all is done: one line an item, the"
              + " value's properties as columns. JSON Lines are then written only to --out.")
  public boolean table;

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "Sort the table by this column: numbers from the largest, text from A to Z.")
  public @Nullable String sort;

  @Option(
      names = "--progress",
      paramLabel = "WHEN",
      description =
          "How far the run has come, on standard error: auto (a block on a terminal that takes"
              + " commands, elsewhere a line each 30 s; the default), always (elsewhere a line each"
              + " second) or never.")
  public ProgressWhen progress = ProgressWhen.auto;

  @Option(
      names = "--total",
      paramLabel = "N",
      description =
          "How many items there are, for the progress, where that can't be seen, as of a pipe.")
  public @Nullable Long total;

  @Option(
      names = "--stack-traces",
      description = "Add the stack trace to the error of a failed or timed-out item.")
  public boolean stackTraces;

  @Option(
      names = "--in-process",
      description =
          "Run in this JVM without worker processes, for debugging: breakpoints work, but a crash"
              + " or System.exit ends the run.")
  public boolean inProcess;

  @Mixin public ClusterOptions cluster = new ClusterOptions();

  @Mixin public OutputOptions output = new OutputOptions();

  @Mixin public HaltOptions halting = new HaltOptions();

  @Option(
      names = "--view",
      arity = "0..1",
      fallbackValue = "0",
      paramLabel = "PORT",
      description =
          "Open a live page of the run for a browser on this machine, at --view=PORT or a port that is"
              + " free; its address goes to standard error.")
  public @Nullable Integer view;

  @Option(names = "--debug", description = "Show stack traces of procpool's own errors.")
  public boolean debug;

  /** Refuses what can't be, naming the option. */
  public void check(Mode mode) {
    pool.check(inProcess);
    positive("--chunk-size", chunkSize);
    positive("--look-ahead", lookAhead);
    if (timeout != null) {
      timeout.check();
    }
    if (total != null && total < 0) {
      throw new UsageException("--total must not be negative, was " + total);
    }
    readable();
    cluster.check(this);
    output.check(this);
    halting.check();
    if (sort != null && !table) {
      throw new UsageException("--sort sorts the table: give --table too");
    }
    if (text.batch != null && mode == Mode.STARMAP) {
      throw new UsageException("--batch passes one list: it goes with map, not with starmap");
    }
    if (!files.isEmpty() && input != null) {
      throw new UsageException("give either INPUT (" + input + ") or --files, not both");
    }
    boolean otherInput = input != null || !files.isEmpty() || format != null || header;
    if (!text.arguments.isEmpty() && (otherInput || text.fromResults)) {
      throw new UsageException(
          "::: gives the rows: INPUT, --files, --format, --header and --from-results do not go"
              + " with it");
    }
    String ofText = text.ofText();
    if (ofText != null && (!text.arguments.isEmpty() || !files.isEmpty())) {
      throw new UsageException(
          ofText
              + " says how the text of an INPUT is read, and "
              + (files.isEmpty() ? ":::" : "--files")
              + " reads none: leave it out");
    }
    if (output.goesOn() && text.sample != null && text.seed == null) {
      throw new UsageException(
          "--resume of a --sample needs the --seed of the first run, which is in the first line of"
              + " its results: without it other rows are taken");
    }
    if (text.fromResults && (!files.isEmpty() || format != null)) {
      throw new UsageException(
          "--from-results tells the format: --files, --format do not go with it");
    }
    if (!files.isEmpty() && (format != null || header)) {
      throw new UsageException(
          "--files takes whole files: --format and --header do not go with it");
    }
  }

  /** Refuses names that the JVM could not decode: it would look for others. */
  private void readable() {
    ArgumentLists.readable("TARGET", target);
    if (input != null) {
      ArgumentLists.readable("INPUT", input);
    }
    files.forEach(glob -> ArgumentLists.readable("--files", glob));
    classPath.forEach(list -> ArgumentLists.readable("--classpath", list));
  }

  static void positive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new UsageException(option + " must be at least 1, was " + value);
    }
  }

  /** Whether items are limited by what others take. */
  public boolean isByMedian() {
    return timeout != null && timeout.isByMedian();
  }

  /** What the pool is told of each item; with a limit by the median if there is one. */
  public TaskOptions taskOptions(@Nullable MedianLimit median) {
    TaskOptions task = TaskOptions.defaults();
    task = chunkSize == null ? task : task.chunkSize(chunkSize);
    task = task.lookAhead(lookAhead == null ? ROWS_AHEAD : lookAhead);
    task = halting.retry().map(task::retry).orElse(task);
    if (median != null) {
      return task.timeout(median::of);
    }
    Duration fixed = timeout == null ? null : timeout.fixed();
    return fixed == null ? task : task.timeout(fixed);
  }

  /** How many large rows may be out. A look-ahead that the user chose is meant as it is. */
  public int mostLarge() {
    return lookAhead == null ? LARGE_ROWS_AHEAD : Integer.MAX_VALUE;
  }

  /** How often there is a line where there is no block. */
  public Duration lineEvery() {
    return switch (progress) {
      case always -> Duration.ofSeconds(1);
      case auto -> Duration.ofSeconds(30);
      case never -> Duration.ofDays(10_000);
    };
  }

  public int workerCount() {
    return pool.workerCount();
  }

  public Input input(Mode mode) {
    Format decided = text.fromResults ? Format.jsonl : format;
    if (!text.arguments.isEmpty()) {
      boolean fields = mode == Mode.STARMAP || text.arguments.width() > 1;
      decided = fields ? Format.csv : Format.lines;
    }
    if (decided == null && input != null && !input.equals("-")) {
      decided = Format.of(Path.of(input)).orElse(null);
    }
    if (decided == null) {
      boolean fields = text.delimiter != null || text.quote != null;
      decided = mode == Mode.STARMAP && !text.nulSeparated || fields ? Format.csv : Format.lines;
    }
    if (header && decided != Format.csv && decided != Format.tsv) {
      throw new UsageException("--header goes with csv and tsv; the input is " + decided);
    }
    return new Input(
        input, files, decided, header, text.form(decided), text.plan(decided), Set.of());
  }
}
