package dev.procpool.cli;

import java.io.PrintStream;
import java.util.OptionalLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * What a person sees on standard error: messages, and a progress bar if wanted.
 *
 * <p>Owned by the thread that takes the outcomes; the bar draws on a thread of its own.
 */
final class Console implements AutoCloseable {

  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private @Nullable ProgressBar bar;

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
    if (bar != null) {
      bar.step();
    }
  }

  void message(String text) {
    out.println((bar == null ? "" : CLEAR_LINE) + "procpool: " + text);
  }

  /** Ends the bar, with what was done as its whole. */
  @Override
  public void close() {
    if (bar != null) {
      bar.maxHint(bar.getCurrent());
      bar.close();
      bar = null;
    }
  }
}
