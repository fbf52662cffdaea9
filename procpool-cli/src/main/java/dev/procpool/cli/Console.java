package dev.procpool.cli;

import dev.procpool.WorkerOutput;
import java.io.PrintStream;
import java.util.OptionalLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * What a person sees on standard error: messages, what tasks print, and a progress bar if wanted.
 * Escape codes in it are made harmless.
 *
 * <p>Thread-safe: messages come from the thread that takes the outcomes and those of signals, lines
 * of tasks from the pool's; the bar draws on a thread of its own.
 */
final class Console implements WorkerOutput, AutoCloseable {

  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private volatile ProgressBar bar;

  Console(PrintStream out) {
    this.out = out;
  }

  /** Shows the bar; with rate, and with estimated time if the number of items is known. */
  void showProgress(OptionalLong items, int width) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName("procpool")
            .setStyle(ProgressBarStyle.ASCII)
            .setInitialMax(items.orElse(-1))
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(out, width))
            .showSpeed();
    bar = builder.build();
  }

  void step() {
    ProgressBar drawn = bar;
    if (drawn != null) {
      drawn.step();
    }
  }

  void message(String text) {
    line("procpool: " + text);
  }

  /** Shows a line, or several. */
  void line(String text) {
    out.println((bar == null ? "" : CLEAR_LINE) + PlainText.of(text));
  }

  /** Shows what a task has printed. */
  @Override
  public void accept(Line printed) {
    line(printed.text());
  }

  @Override
  public boolean wantsItems() {
    return false;
  }

  /** Ends the bar, with what was done as its whole. */
  @Override
  public void close() {
    ProgressBar drawn = bar;
    if (drawn != null) {
      drawn.maxHint(drawn.getCurrent());
      drawn.close();
      bar = null;
    }
  }
}
