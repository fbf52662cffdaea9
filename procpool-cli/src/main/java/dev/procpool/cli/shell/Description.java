package dev.procpool.cli.shell;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The text that says what an option or a command is, without the marks of its form. Stateless. */
final class Description {

  /** As much as fits beside a completion. */
  private static final int MOST = 72;

  private Description() {}

  /** Gives all that is said of an option or a parameter. */
  static String of(ArgSpec arg) {
    return plain(String.join(" ", arg.description()));
  }

  /** Gives the paragraphs that are said of a command. */
  static List<String> paragraphs(CommandSpec command) {
    UsageMessageSpec help = command.usageMessage();
    return Stream.concat(Stream.of(help.header()), Stream.of(help.description()))
        .flatMap(text -> plain(text).lines())
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Gives a text without picocli's marks. */
  static String plain(String text) {
    return text.replace("%n", "\n").replace("%%", "%");
  }

  /** Gives the beginning of a text, as a line beside a completion. */
  static String brief(String text) {
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    if (sentence.length() > MOST) {
      sentence = sentence.substring(0, sentence.lastIndexOf(' ', MOST)) + " ...";
    }
    return sentence.endsWith(".") && !sentence.endsWith("...")
        ? sentence.substring(0, sentence.length() - 1)
        : sentence;
  }

  static String brief(ArgSpec arg) {
    return brief(of(arg));
  }

  static String brief(CommandSpec command) {
    List<String> paragraphs = paragraphs(command);
    return paragraphs.isEmpty() ? "" : brief(paragraphs.get(0));
  }
}
