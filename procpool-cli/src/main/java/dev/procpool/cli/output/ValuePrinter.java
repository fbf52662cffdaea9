package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.reply.ResultJson;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Prints values as text, by a template or as they are. What is not ok is printed only by a template
 * that asks for it. Used by one thread.
 */
final class ValuePrinter implements Printer {

  private final @Nullable Template template;
  private final boolean tag;
  private final Writer out;

  /** Makes it; a template that is null stands for the value itself. */
  ValuePrinter(@Nullable Template template, boolean tag, Writer out) {
    this.template = template;
    this.tag = tag;
    this.out = out;
  }

  @Override
  public void print(String line) throws IOException {
    JsonNode result = ResultJson.parse(line);
    if (!ResultJson.isOk(result) && (template == null || !template.asksForFailures())) {
      return;
    }
    String text = template == null ? ResultJson.text(result.path("value")) : template.fill(result);
    if (tag) {
      String before = tag(result.path("args")) + "\t";
      text = before + text.replace("\n", "\n" + before);
    }
    out.write(text + "\n");
  }

  private static String tag(JsonNode arguments) {
    StringBuilder all = new StringBuilder();
    arguments.forEach(a -> all.append(all.length() == 0 ? "" : " ").append(ResultJson.text(a)));
    return all.toString().replaceAll("[\\t\\r\\n]", " ");
  }
}
