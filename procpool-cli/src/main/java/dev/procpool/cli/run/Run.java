package dev.procpool.cli.run;

import dev.procpool.Pool;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.files.ClassPath;
import dev.procpool.cli.files.CodeHash;
import dev.procpool.cli.input.Input;
import dev.procpool.cli.input.PeekedRows;
import dev.procpool.cli.journal.Journal;
import dev.procpool.cli.journal.JournalHeader;
import dev.procpool.cli.journal.ResultFile;
import dev.procpool.cli.journal.RowKeys;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.options.RunOptions;
import dev.procpool.cli.output.ArgumentsText;
import dev.procpool.cli.output.ResultLine;
import dev.procpool.cli.output.Table;
import dev.procpool.cli.pool.PoolFactory;
import dev.procpool.cli.pool.PoolSettings;
import dev.procpool.cli.source.SourceCompiler;
import dev.procpool.cli.stop.Shutdown;
import dev.procpool.cli.stop.Stop;
import dev.procpool.cli.target.Overloads;
import dev.procpool.cli.target.TargetResolver;
import dev.procpool.cli.target.TargetSpec;
import dev.procpool.cli.task.InitMethod;
import dev.procpool.cli.task.MethodTask;
import dev.procpool.cli.terminal.Console;
import dev.procpool.cli.terminal.ReaderGoneException;
import dev.procpool.cli.terminal.StandardOutput;
import dev.procpool.cli.terminal.Streams;
import dev.procpool.cli.terminal.Terminal;
import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code map} or {@code starmap}: finds the method, checks it against the first row, and
 * only then opens the pool, has the rows streamed through it by an {@link ItemStream}, and ends
 * what its {@link RunResults} have begun. Used by one thread.
 */
public final class Run {

  private final RunOptions options;
  private final Mode mode;
  private final Streams streams;
  private final PoolFactory pools;
  private final Console console;
  private final List<String> jvmOptions = new ArrayList<>();
  private @Nullable InitMethod init; // null for nothing

  /**
   * Makes it.
   *
   * @param options what the user wants
   * @param mode whether a row is spread
   * @param streams the standard streams
   * @param pools opens the pool, once
   */
  public Run(RunOptions options, Mode mode, Streams streams, PoolFactory pools) {
    this.options = options;
    this.mode = mode;
    this.streams = streams;
    this.pools = pools;
    this.console = new Console(streams.err());
  }

  /** Does it all; gives the exit code. */
  public int call() throws Exception {
    options.check(mode);
    Input input = options.input(mode);
    @Nullable ResultFile file = null;
    if (options.out != null) {
      file = ResultFile.check(options.out, input, options.output.leave());
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
      @Nullable ResultFile file,
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
        check(target.method().getGenericReturnType());
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

  /** Refuses what asks for parts that no result of this type has. */
  private void check(Type result) {
    options.output.form().check(result);
    if (options.sort != null) {
      Table.check(options.sort, result);
    }
  }

  private int stream(
      Target target, PeekedRows rows, Input input, @Nullable ResultFile file, ClassPath classPath)
      throws Exception {
    long start = System.nanoTime();
    ResultLine lines =
        new ResultLine(
            new ArgumentsText(target, mode, rows.header(), options.text.byPosition),
            options.halting.retry().isPresent());
    try (Journal journal = journal(target, input, file, classPath);
        Stop stop = options.halting.watch(console, journal != null && journal.hasOk());
        RunResults results = RunResults.open(options, streams, console, journal, file, lines)) {
      try {
        if (rows.peek() != null) {
          RowKeys keys =
              journal == null
                  ? null
                  : new RowKeys(
                      mode, rows.header(), options.text.byPosition, !input.globs().isEmpty());
          InFlight items =
              new InFlight(rows, keys, journal, options.output.again(), options.mostLarge());
          showBlock(items);
          runAll(task(target, rows.header()), items, classPath, results, stop, total(rows, input));
        }
        console.close();
        results.end(stop);
        if (!Shutdown.isUnderway()) {
          results.conclude(stop, Duration.ofNanos(System.nanoTime() - start));
        }
        if (!stop.isUnderway()) {
          results.check();
        }
      } catch (ReaderGoneException e) {
        // has seen enough
      }
      return stop.isUnderway() ? stop.exitCode() : results.areAllWell() ? 0 : 1;
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

  private MethodTask task(Target target, List<String> header) {
    return new MethodTask(
        target,
        mode,
        header,
        options.text.byPosition,
        new MethodTask.Extras(
            init,
            options.stackTraces,
            options.output.capture,
            options.halting.moreAttempts(),
            options.view != null));
  }

  private void runAll(
      MethodTask task,
      InFlight items,
      ClassPath classPath,
      RunResults results,
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
            results.observer(),
            console);
    Pool pool = pools.open(settings);
    boolean ended = false;
    try {
      new ItemStream(options, pool, items, results, stop).run(task, console, total);
      ended = true;
      if (options.cluster.isGiven()) {
        results.ranOn(pool.stats().targetWorkers()); // which grows with the cluster
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

  /** A block goes where a person looks, and tasks print by way of the pool. */
  private void showBlock(InFlight items) {
    if (options.progress != RunOptions.ProgressWhen.never
        && !options.inProcess
        && Terminal.isStandardError()
        && Terminal.takesCommands()) {
      items.keepLast();
      console.showBlock(items::where);
    }
  }

  private OptionalLong total(PeekedRows rows, Input input) {
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

  private @Nullable Journal journal(
      Target target, Input input, @Nullable ResultFile file, ClassPath classPath)
      throws IOException {
    if (file == null || !file.isJournaled()) {
      return null;
    }
    String called =
        JournalHeader.called(mode, target, init == null ? null : init.owner() + "::" + init.name());
    JournalHeader now = new JournalHeader(called, CodeHash.of(classPath), input.identity());
    try {
      return file.open(now, console::message);
    } catch (IOException e) {
      throw new UsageException("--out " + options.out + " can't be written: " + e.getMessage(), e);
    }
  }
}
