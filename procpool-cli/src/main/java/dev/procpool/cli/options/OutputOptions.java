package dev.procpool.cli.options;

import dev.procpool.cli.journal.ResultFile;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.output.PrintForm;
import dev.procpool.cli.reply.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about what becomes of results. Filled by picocli, then read only. */
public final class OutputOptions {

  @Option(
      names = "--resume",
      description =
          "Go on with the results in --out, of a run that was broken off or of less input: rows"
              + " whose content has a result there are not run again, wherever they stand now.")
  boolean resume;

  @Option(
      names = "--retry-failed",
      arity = "0..1",
      paramLabel = "KINDS",
      fallbackValue = "all",
      description =
          "As --resume, but rows whose result is not ok are run again: all of them, or those of"
              + " some kinds, as --retry-failed=timed-out,worker-lost.")
  @Nullable String retryFailed;

  @Option(
      names = "--force",
      description =
          "Begin anew, and replace the results in --out when all is done. With --resume or"
              + " --retry-failed: go on although the code has changed.")
  boolean force;

  @Option(
      names = "--print",
      paramLabel = "FORM",
      description =
          "What is printed on standard output: jsonl (the default), value (a line for each value"
              + " that is ok), csv (its properties as columns), or a template, as '{args.0}:"
              + " {value.size}'. With --out it is printed from there when all is done.")
  public @Nullable String print;

  @Option(names = "--tag", description = "Print an item's arguments and a tab before its value.")
  boolean tag;

  @Option(
      names = "--capture",
      description = "What an item prints goes into its result, as 'printed'.")
  public boolean capture;

  @Option(
      names = "--report",
      description =
          "Tell at the end, on standard error, how long items took, which were slowest, what each"
              + " worker did, and failures by kind and place, with an example each.")
  public boolean report;

  /** Refuses what can't be, naming the option. */
  void check(RunOptions all) {
    boolean toFile = all.out != null;
    needsOut("--resume", resume && !toFile);
    needsOut("--retry-failed", retryFailed != null && !toFile);
    needsOut("--force", force && !toFile);
    again();
    if (print != null && all.table) {
      throw new UsageException("--print and --table both want standard output: give one of them");
    }
    if (capture && all.inProcess) {
      throw new UsageException(
          "--capture needs worker processes: with --in-process the items share one output");
    }
    form().check();
  }

  private static void needsOut(String option, boolean missing) {
    if (missing) {
      throw new UsageException(option + " is about the results in a file: give --out too");
    }
  }

  /** Gives the form in which results are printed. */
  public PrintForm form() {
    return new PrintForm(print, tag);
  }

  /** Gives what may become of results that are there already. */
  public ResultFile.Leave leave() {
    return new ResultFile.Leave(goesOn(), force);
  }

  public boolean goesOn() {
    return resume || retryFailed != null;
  }

  /** Gives the kinds of results that are run again. */
  public Set<Status> again() {
    Set<Status> failed = EnumSet.complementOf(EnumSet.of(Status.OK));
    if (retryFailed == null) {
      return EnumSet.noneOf(Status.class);
    }
    if (retryFailed.equals("all") || retryFailed.isEmpty()) {
      return failed;
    }
    return Stream.of(retryFailed.split(",", -1))
        .map(word -> kind(word.strip(), failed))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Status.class)));
  }

  private static Status kind(String word, Set<Status> failed) {
    Optional<Status> kind = Status.of(word).filter(failed::contains);
    List<String> known = failed.stream().map(Status::text).toList();
    return kind.orElseThrow(
        () ->
            new UsageException(
                "--retry-failed: '" + word + "' is none of " + String.join(", ", known)));
  }
}
