package dev.procpool.cli;

import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.cluster.ClusterPools;
import dev.procpool.cli.input.ArgumentLists;
import dev.procpool.cli.message.BrokenOffException;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.StackText;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.options.RunOptions;
import dev.procpool.cli.options.Version;
import dev.procpool.cli.pool.PoolFactory;
import dev.procpool.cli.pool.Pools;
import dev.procpool.cli.pool.ViewedPools;
import dev.procpool.cli.run.Run;
import dev.procpool.cli.shell.GenerateCompletion;
import dev.procpool.cli.shell.GenerateManual;
import dev.procpool.cli.stop.Shutdown;
import dev.procpool.cli.task.TargetFailedException;
import dev.procpool.cli.terminal.Console;
import dev.procpool.cli.terminal.Streams;
import dev.procpool.cli.text.UnreadableInputException;
import dev.procpool.cli.top.TopCommand;
import dev.procpool.guard.SafeText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code procpool} with its commands. Used by one thread. */
@Command(
    name = "procpool",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Runs a Java method over a pile of inputs, on worker processes.",
      "A call that crashes, hangs or calls System.exit costs one item, not the run."
    },
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all items are well",
      "1:some items are not",
      "2:wrong use; no worker was started",
      "3:the run broke off",
      "4:halted by --halt, or since the first twenty items all failed alike",
      "130, 143:stopped by Ctrl-C, SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  procpool starmap Price.java::price orders.csv --header",
      "  procpool map com.acme.Photos::shrink -c build/classes --files 'photos/**/*.jpg'",
      "  seq 1000000 | procpool map java.lang.Math::sqrt > roots.jsonl",
      "More: procpool help map"
    },
    subcommands = {HelpCommand.class, GenerateCompletion.class, GenerateManual.class})
final class Procpool implements Runnable {

  /** Exit code of a run that could not go on. */
  static final int BROKEN_OFF = 3;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  CommandSpec spec;

  /** {@code map}: each row is one argument. */
  @Command(
      name = "map",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      sortOptions = false,
      abbreviateSynopsis = true,
      description = {
        "Calls a method of one parameter for each row, line or file of the input.",
        "%nA line, a file or a JSON value is the argument as it stands; a CSV row becomes a record,"
            + " a List, a Map (with --header) or, if it has one field, a simple value.",
        "%nResults are JSON Lines: index, args, status (ok, failed, invalid, timed-out,"
            + " worker-lost, cancelled), value or error, ms, pid. What methods print goes to"
            + " standard error."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  procpool map Readability.java::score --files 'docs/**/*.md' --table",
        "  procpool map com.acme.Orders::check orders.csv --header -c 'lib/*' --out checked.jsonl"
      })
  static final class MapCommand extends RunCommand {
    MapCommand(Streams streams, PoolFactory processes) {
      super(Mode.MAP, streams, processes);
    }
  }

  /** {@code starmap}: each row's fields are the arguments. */
  @Command(
      name = "starmap",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      sortOptions = false,
      abbreviateSynopsis = true,
      description = {
        "Calls a method for each row of the input, the row's fields as its arguments.",
        "%nFields are converted to the parameters' types: primitives and their boxes, String,"
            + " BigDecimal, BigInteger, java.time (ISO 8601), enums, Path, File, URI, UUID;"
            + " records, lists and maps from JSON. An empty field is null, the empty String, or an"
            + " error for a primitive. Of JSON Lines, arrays are spread by position, objects by"
            + " parameter names.",
        "%nResults are JSON Lines: index, args, status (ok, failed, invalid, timed-out,"
            + " worker-lost, cancelled), value or error, ms, pid. What methods print goes to"
            + " standard error."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  procpool starmap Price.java::price orders.csv --header --workers 4",
        "  procpool starmap 'com.acme.Pricing::price(int,double)' -c app.jar --timeout 2s <"
            + " rows.csv"
      })
  static final class StarmapCommand extends RunCommand {
    StarmapCommand(Streams streams, PoolFactory processes) {
      super(Mode.STARMAP, streams, processes);
    }
  }

  /** What both commands share. */
  abstract static class RunCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it
    @Mixin
    RunOptions options;

    /** What the command line has from the first {@code :::} on. */
    private List<String> arguments = List.of();

    private final Mode mode;
    private final Streams streams;
    private final PoolFactory processes;

    RunCommand(Mode mode, Streams streams, PoolFactory processes) {
      this.mode = mode;
      this.streams = streams;
      this.processes = processes;
    }

    @Override
    public Integer call() throws Exception {
      options.text.arguments = ArgumentLists.parse(arguments);
      if (!options.cluster.isGiven() || options.inProcess) {
        return run(options.inProcess ? Pools.inProcess() : processes);
      }
      try (ClusterPools cluster =
          new ClusterPools(options.cluster, options.pool, options.debug, System.getenv())) {
        return run(cluster);
      }
    }

    private int run(PoolFactory pools) throws Exception {
      int exitCode;
      try (ViewedPools viewed = new ViewedPools(pools, options.view, streams.err())) {
        exitCode = new Run(options, mode, streams, viewed).call();
      }
      if (exitCode == 0 && !options.text.dryRun && !options.inProcess) {
        LauncherArchive.makeIfDue();
      }
      return exitCode;
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: map or starmap");
  }

  /** Keeps what {@code :::} starts from the parser, which would take -1 for an option. */
  private static final class WithArguments extends CommandLine {

    private final List<RunCommand> commands;

    WithArguments(List<RunCommand> commands) {
      super(new Procpool());
      this.commands = commands;
    }

    @Override
    public int execute(String... all) {
      List<String> words = List.of(all);
      int start = ArgumentLists.start(words);
      commands.forEach(command -> command.arguments = words.subList(start, words.size()));
      return super.execute(words.subList(0, start).toArray(String[]::new));
    }
  }

  /** Makes the command line. */
  static CommandLine commandLine(Streams streams, PoolFactory processes) {
    Console console = new Console(streams.err());
    List<RunCommand> commands =
        List.of(new MapCommand(streams, processes), new StarmapCommand(streams, processes));
    return new WithArguments(commands)
        .addSubcommand(commands.get(0))
        .addSubcommand(commands.get(1))
        .addSubcommand(new TopCommand(streams))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(
            (e, args) -> {
              String command = e.getCommandLine().getCommandSpec().qualifiedName();
              console.message(e.getMessage() + suggestion(e));
              console.line("Try '" + command + " --help'.");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, command, all) -> {
              if (Shutdown.isUnderway()) {
                return BROKEN_OFF;
              }
              boolean wrongUse = e instanceof UsageException;
              console.message(wrongUse ? String.valueOf(e.getMessage()) : describe(e));
              if (command.getParseResult().hasMatchedOption("--debug")) {
                console.line(StackText.of(e).stripTrailing());
              } else if (!wrongUse && !(e instanceof BrokenOffException)) {
                console.line("Add --debug for the stack trace.");
              }
              return wrongUse ? CommandLine.ExitCode.USAGE : BROKEN_OFF;
            });
  }

  /** Says what a mistyped command or option may have meant. */
  private static String suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    List<String> names = new ArrayList<>(command.subcommands().keySet());
    if (unmatched.isUnknownOption()) {
      names.clear();
      command.options().forEach(option -> names.addAll(List.of(option.names())));
    }
    String wrong = unmatched.getUnmatched().get(0);
    int equals = wrong.indexOf('=');
    List<String> near = NearNames.of(equals < 0 ? wrong : wrong.substring(0, equals), names);
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  private static String describe(Exception e) {
    String message = SafeText.message(e);
    if (message == null) {
      return SafeText.of(e);
    }
    return e instanceof TargetFailedException
            || e instanceof UnreadableInputException
            || e instanceof BrokenOffException
        ? message
        : e.getClass().getSimpleName() + ": " + message;
  }
}
