package dev.procpool.cli.shell;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion for zsh, by its {@code _arguments}. Stateless. */
final class ZshCompletion {

  private ZshCompletion() {}

  static String of(CommandSpec program) {
    String commands =
        Values.commands(program).stream()
            .map(
                command ->
                    "      " + quoted(command.name() + ":" + Description.brief(command)) + "\n")
            .collect(Collectors.joining());
    String cases =
        Values.commands(program).stream()
            .map(command -> "    " + command.name() + ")\n" + arguments(command) + "      ;;\n")
            .collect(Collectors.joining());
    return """
        #compdef PROGRAM
        # zsh completion of PROGRAM; made by: PROGRAM generate-completion zsh
        _PROGRAM() {
          local curcontext=$curcontext state line
          local -a commands
          typeset -A opt_args
          _arguments -C OPTIONS '1:command:->command' '*::argument:->argument' && return
          if [[ $state == command ]]; then
            commands=(
        COMMANDS    )
            _describe command commands
            return
          fi
          if ((${words[(I):::*]} && ${words[(I):::*]} < CURRENT)); then
            _files # values
            return
          fi
          case $words[1] in
        CASES  esac
        }
        if [[ $funcstack[1] == _PROGRAM ]]; then
          _PROGRAM "$@"
        else
          compdef _PROGRAM PROGRAM
        fi
        """
        .replace("OPTIONS", options(program).strip().replace("\\\n", "").replaceAll("' +", "' "))
        .replace("COMMANDS", commands)
        .replace("CASES", cases)
        .replace("PROGRAM", program.name());
  }

  private static String arguments(CommandSpec command) {
    String parameters =
        command.positionalParameters().stream()
            .filter(parameter -> !parameter.hidden())
            .map(ZshCompletion::parameter)
            .collect(Collectors.joining(" \\\n"));
    String options = options(command);
    return "      _arguments -s -S \\\n"
        + options
        + (options.isEmpty() || parameters.isEmpty() ? "" : " \\\n")
        + parameters
        + "\n";
  }

  private static String options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Stream.of(option.names()).map(name -> option(option, name)))
        .collect(Collectors.joining(" \\\n"));
  }

  private static String option(OptionSpec option, String name) {
    String others = option.isMultiValue() ? "*" : "(" + String.join(" ", option.names()) + ")";
    boolean takes = option.arity().max() > 0;
    boolean needs = option.arity().min() > 0;
    String joint = !takes ? "" : !name.startsWith("--") ? "+" : needs ? "=" : "=-";
    return "        "
        + quoted(
            others
                + name
                + joint
                + "["
                + escaped(Description.brief(option))
                + "]"
                + (takes ? (needs ? ":" : "::") + action(option) : ""));
  }

  private static String parameter(PositionalParamSpec parameter) {
    int at = parameter.index().min() + 1;
    boolean needs = parameter.arity().min() > 0;
    boolean isTarget = parameter.paramLabel().equals("TARGET"); // ::method is added to it
    return "        "
        + quoted(at + (needs ? ":" : "::") + action(parameter) + (isTarget ? " -S \"\"" : ""));
  }

  private static String action(ArgSpec arg) {
    Values values = Values.of(arg);
    String label = escaped(arg.paramLabel().replaceAll("[\\[\\]<>=.,]", " ").strip());
    return label
        + ":"
        + switch (values.kind()) {
          case FILES -> "_files";
          case WORDS -> "(" + String.join(" ", values.words()) + ")";
          case NONE, OTHER -> " ";
        };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
