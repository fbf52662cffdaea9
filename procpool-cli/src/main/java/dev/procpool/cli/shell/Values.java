package dev.procpool.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What an option or a parameter takes, as far as a shell can complete it.
 *
 * @param kind which sort of thing
 * @param words the words, where they are known
 */
record Values(Kind kind, List<String> words) {

  /** Sorts of values. */
  enum Kind {
    /** The option stands alone. */
    NONE,
    /** Names of files or directories, or what begins with one. */
    FILES,
    /** One of some words. */
    WORDS,
    /** Something that nobody else can know, as a number. */
    OTHER
  }

  /** Labels of what begins with the name of a file or directory. */
  private static final Set<String> FILES =
      Set.of("FILE", "PATH", "GLOB", "INPUT", "TARGET", "DIRECTORY");

  static Values of(ArgSpec arg) {
    if (arg.isOption() && arg.arity().max() == 0) {
      return new Values(Kind.NONE, List.of());
    }
    CommandSpec parent = arg.command().parent();
    if (parent != null && arg.isPositional() && arg.command().userObject() instanceof HelpCommand) {
      return new Values(Kind.WORDS, commands(parent).stream().map(CommandSpec::name).toList());
    }
    Iterable<String> candidates = arg.completionCandidates();
    if (candidates != null) {
      List<String> words = new ArrayList<>();
      candidates.forEach(words::add);
      return new Values(Kind.WORDS, words);
    }
    boolean files = FILES.contains(arg.paramLabel());
    return new Values(files ? Kind.FILES : Kind.OTHER, List.of());
  }

  /** Gives the commands of a program that its help shows. */
  static List<CommandSpec> commands(CommandSpec program) {
    return program.subcommands().values().stream()
        .map(command -> command.getCommandSpec())
        .filter(command -> !command.usageMessage().hidden())
        .toList();
  }
}
