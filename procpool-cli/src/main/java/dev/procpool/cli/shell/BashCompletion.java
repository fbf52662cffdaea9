package dev.procpool.cli.shell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion for bash. Names of files are left to readline, which quotes what needs it: the
 * function then offers nothing. Stateless.
 */
final class BashCompletion {

  private static final String NOTHING =
      "compopt +o default +o bashdefault 2>/dev/null; return"; // no files either

  private BashCompletion() {}

  static String of(CommandSpec program) {
    List<CommandSpec> commands = Values.commands(program);
    return """
        # bash completion of PROGRAM; made by: PROGRAM generate-completion bash
        _PROGRAM() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
          local command= words='NAMES' options='OPTIONS' at word
          COMPREPLY=()
          if [[ $current == = ]]; then # of --option=, which readline takes apart
            current=
          elif [[ $previous == = ]]; then
            previous=${COMP_WORDS[COMP_CWORD - 2]}
          fi
          for ((at = 1; at < COMP_CWORD; at++)); do
            word=${COMP_WORDS[at]}
            if [[ $word == :::* ]]; then # values from here on
              return
            elif [[ -z $command && " NAMES " == *" $word "* ]]; then
              command=$word
            fi
          done
          case $command in
        CASES  esac
          if [[ $current == -* && -n $options ]]; then
            COMPREPLY=($(compgen -W "$options" -- "$current"))
          elif [[ -n $words ]]; then
            COMPREPLY=($(compgen -W "$words" -- "$current"))
          elif [[ $previous == "$command" ]]; then # TARGET, to which ::method is added
            compopt -o nospace 2>/dev/null
          fi
        }
        complete -o bashdefault -o default -F _PROGRAM PROGRAM
        """
        .replace("CASES", commands.stream().map(BashCompletion::branch).collect(joined("")))
        .replace("OPTIONS", options(program))
        .replace("NAMES", commands.stream().map(CommandSpec::name).collect(joined(" ")))
        .replace("PROGRAM", program.name());
  }

  /** What is special of a command: its options and what their values are. */
  private static String branch(CommandSpec command) {
    Map<String, List<OptionSpec>> byAction =
        command.options().stream()
            .filter(option -> !option.hidden() && option.arity().min() > 0)
            .collect(
                Collectors.groupingBy(BashCompletion::action, TreeMap::new, Collectors.toList()));
    String first =
        command.positionalParameters().stream()
            .map(parameter -> String.join(" ", Values.of(parameter).words()))
            .findFirst()
            .orElse("");
    return """
            NAME)
              words='FIRST' options='OPTIONS'
              case $previous in
        CASES      esac
              ;;
        """
        .replace(
            "CASES",
            byAction.entrySet().stream()
                .map(entry -> "        " + names(entry.getValue(), " | ") + ") " + entry.getKey())
                .map(line -> line + " ;;\n")
                .collect(joined("")))
        .replace("OPTIONS", options(command))
        .replace("FIRST", first)
        .replace("NAME", command.name());
  }

  /** What is done where an option's value is wanted. */
  private static String action(OptionSpec option) {
    Values values = Values.of(option);
    return switch (values.kind()) {
      case WORDS -> "words='" + String.join(" ", values.words()) + "' options=";
      case FILES -> "return";
      case NONE, OTHER -> NOTHING;
    };
  }

  private static String options(CommandSpec command) {
    return names(command.options().stream().filter(option -> !option.hidden()).toList(), " ");
  }

  private static String names(List<OptionSpec> options, String separator) {
    return options.stream().flatMap(option -> Stream.of(option.names())).collect(joined(separator));
  }

  private static Collector<CharSequence, ?, String> joined(String separator) {
    return Collectors.joining(separator);
  }
}
