package dev.procpool.cli.shell;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A page of the manual, in the macros of man(7). Stateless. */
public final class ManPage {

  private ManPage() {}

  /**
   * Gives the name of a command's page, as {@code procpool-map}.
   *
   * @param command the command, or the program
   * @return the name, without section
   */
  public static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  /**
   * Gives the commands that have a page, the program among them. Help is no command to read about.
   *
   * @param program the program
   * @return the program first
   */
  public static List<CommandSpec> documented(CommandSpec program) {
    return Stream.concat(
            Stream.of(program),
            Values.commands(program).stream()
                .filter(command -> !(command.userObject() instanceof HelpCommand)))
        .toList();
  }

  /**
   * Writes a command's page.
   *
   * @param command the command, or the program
   * @param version what the page is about, as {@code procpool 1.0}
   * @param date of what the page says
   * @return the page
   */
  public static String of(CommandSpec command, String version, LocalDate date) {
    StringBuilder page = new StringBuilder();
    page.append(".TH ")
        .append(String.join(" ", name(command).toUpperCase(Locale.ROOT), "1", date.toString()))
        .append(" \"" + version + "\"\n");
    List<String> paragraphs = Description.paragraphs(command);
    String first = paragraphs.isEmpty() ? command.name() : paragraphs.get(0);
    page.append(".SH NAME\n");
    page.append(escaped(name(command)) + " \\- " + escaped(withoutStop(first)) + "\n");
    page.append(".SH SYNOPSIS\n").append(synopsis(command));
    page.append(".SH DESCRIPTION\n");
    page.append(paragraphs.stream().map(ManPage::text).collect(Collectors.joining(".PP\n")));
    List<PositionalParamSpec> parameters = command.positionalParameters();
    section(page, "ARGUMENTS", parameters.stream().filter(p -> !p.hidden()).map(ManPage::entry));
    List<OptionSpec> options = command.options();
    section(page, "OPTIONS", options.stream().filter(o -> !o.hidden()).map(ManPage::entry));
    List<CommandSpec> commands = Values.commands(command);
    section(
        page,
        "COMMANDS",
        commands.stream().map(c -> entry(bold(c.name()), Description.paragraphs(c).get(0))));
    Map<String, String> codes = command.usageMessage().exitCodeList();
    section(
        page,
        "EXIT STATUS",
        codes.entrySet().stream().map(code -> entry(bold(code.getKey()), code.getValue())));
    examples(page, command.usageMessage().footer());
    seeAlso(page, command);
    return page.toString();
  }

  private static void section(StringBuilder page, String title, Stream<String> entries) {
    String text = entries.collect(Collectors.joining());
    if (!text.isEmpty()) {
      page.append(".SH ").append(title).append('\n').append(text);
    }
  }

  private static String synopsis(CommandSpec command) {
    StringBuilder line = new StringBuilder(bold(command.qualifiedName()));
    if (!command.subcommands().isEmpty()) {
      line.append(" \\fICOMMAND\\fR");
    }
    if (!command.options().isEmpty()) {
      line.append(" [\\fIOPTIONS\\fR]");
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      String label = "\\fI" + escaped(parameter.paramLabel()) + "\\fR";
      line.append(' ').append(parameter.arity().min() > 0 ? label : "[" + label + "]");
    }
    return line.append('\n').toString();
  }

  private static String entry(ArgSpec arg) {
    String label = "\\fI" + escaped(arg.paramLabel()) + "\\fR";
    if (!(arg instanceof OptionSpec option)) {
      return entry(label, Description.of(arg));
    }
    String names =
        Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
    String value =
        option.arity().max() == 0
            ? ""
            : option.arity().min() == 0 ? "[=" + label + "]" : " " + label;
    return entry(names + value, Description.of(arg));
  }

  private static String entry(String tag, String description) {
    return ".TP\n" + tag + "\n" + text(description);
  }

  private static void examples(StringBuilder page, String[] lines) {
    if (lines.length == 0) {
      return;
    }
    page.append(".SH EXAMPLES\n.nf\n");
    Arrays.stream(lines)
        .filter(line -> line.startsWith(" "))
        .forEach(line -> page.append(text(Description.plain(line).strip())));
    page.append(".fi\n");
  }

  private static void seeAlso(StringBuilder page, CommandSpec command) {
    CommandSpec program = command.root();
    String others =
        documented(program).stream()
            .filter(other -> other != command)
            .map(other -> bold(name(other)) + "(1)")
            .collect(Collectors.joining(",\n"));
    page.append(".SH SEE ALSO\n").append(others).append('\n');
  }

  private static String withoutStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fR";
  }

  /** Gives a paragraph; no line of it is taken for a request. */
  private static String text(String text) {
    String escaped = escaped(text);
    return (escaped.startsWith(".") || escaped.startsWith("\\(aq") ? "\\&" : "") + escaped + "\n";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("…", "...");
  }
}
