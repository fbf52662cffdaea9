package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.reply.ResultJson;
import java.io.IOException;
import java.io.Writer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints values as text, by a template or as they are. What is not ok is printed only by a template
 * that asks for it. Used by one thread.
 */
final class ValuePrinter implements Printer {

  private final @Nullable Template template;
  private final @Nullable UnmetParts unmet;
  private final boolean tag;
  private final Writer out;
  private final Consumer<String> messages;

  /**
   * Makes it.
   *
   * @param template null stands for the value itself
   * @param tag whether the arguments come first
   * @param out where it prints to
   * @param messages takes what a person is to know at the end
   */
  ValuePrinter(@Nullable Template template, boolean tag, Writer out, Consumer<String> messages) {
    this.template = template;
    this.unmet = template == null ? null : new UnmetParts(template);
    this.tag = tag;
    this.out = out;
    this.messages = messages;
  }

  @Override
  public void print(String line) throws IOException {
    JsonNode result = ResultJson.parse(line);
    if (!ResultJson.isOk(result) && (template == null || !template.asksForFailures())) {
      return;
    }
    if (unmet != null) {
      unmet.sees(result);
    }
    String text = template == null ? ResultJson.text(result.path("value")) : template.fill(result);
    if (tag) {
      String before = tag(result.path("args")) + "\t";
      text = before + text.replace("\n", "\n" + before);
    }
    out.write(text + "\n");
  }

  @Override
  public void end() {
    if (unmet != null) {
      unmet.complaint().ifPresent(messages);
    }
  }

  private static String tag(JsonNode arguments) {
    StringBuilder all = new StringBuilder();
    arguments.forEach(a -> all.append(all.length() == 0 ? "" : " ").append(ResultJson.text(a)));
    return all.toString().replaceAll("[\\t\\r\\n]", " ");
  }
}
