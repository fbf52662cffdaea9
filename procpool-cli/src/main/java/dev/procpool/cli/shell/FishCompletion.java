package dev.procpool.cli.shell;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion for fish: one {@code complete} for each command and option. Stateless. */
final class FishCompletion {

  private FishCompletion() {}

  static String of(CommandSpec program) {
    StringBuilder text = new StringBuilder();
    text.append("# fish completion of PROGRAM; made by: PROGRAM generate-completion fish\n");
    text.append("complete -c PROGRAM -f\n");
    for (OptionSpec option : program.options()) {
      text.append(option(option, "__fish_use_subcommand"));
    }
    for (CommandSpec command : Values.commands(program)) {
      text.append("complete -c PROGRAM -n __fish_use_subcommand -a ")
          .append(command.name())
          .append(" -d ")
          .append(quoted(Description.brief(command)))
          .append('\n');
      String within = "__fish_seen_subcommand_from " + command.name();
      command.options().stream()
          .filter(option -> !option.hidden())
          .forEach(option -> text.append(option(option, within)));
      command.positionalParameters().stream()
          .filter(parameter -> !parameter.hidden())
          .map(parameter -> parameter(parameter, within))
          .distinct()
          .forEach(text::append);
    }
    return text.toString().replace("PROGRAM", program.name());
  }

  private static String option(OptionSpec option, String condition) {
    StringBuilder line = new StringBuilder("complete -c PROGRAM -n " + quoted(condition));
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    Values values = Values.of(option);
    boolean needs = option.arity().min() > 0;
    switch (values.kind()) {
      case NONE -> {}
      case FILES -> line.append(needs ? " -r -F" : " -F");
      case OTHER -> line.append(needs ? " -x" : "");
      case WORDS -> line.append(" -x -a ").append(words(values));
    }
    return line.append(" -d ").append(quoted(Description.brief(option))).append('\n').toString();
  }

  private static String parameter(PositionalParamSpec parameter, String condition) {
    Values values = Values.of(parameter);
    String line = "complete -c PROGRAM -n " + quoted(condition);
    return switch (values.kind()) {
      case FILES -> line + " -F\n";
      case WORDS -> line + " -a " + words(values) + "\n";
      case NONE, OTHER -> "";
    };
  }

  private static String words(Values values) {
    return quoted(values.words().stream().collect(Collectors.joining(" ")));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
