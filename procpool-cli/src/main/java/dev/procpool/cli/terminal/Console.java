package dev.procpool.cli.terminal;

import dev.procpool.WorkerOutput;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a person sees on standard error: messages, what tasks print, and a block with the run's
 * progress if wanted. Escape codes in it are made harmless.
 *
 * <p>Thread-safe: messages come from the thread that takes the outcomes and those of signals, lines
 * of tasks from the pool's, the block from one of its own.
 */
public final class Console implements WorkerOutput, AutoCloseable {

  private final PrintStream out;
  private final boolean coloured = Terminal.isColoured();
  private volatile @Nullable Block block;

  /** A block, the terminal that it is on, and what items are called. */
  private record Block(LiveBlock lines, TerminalSize size, LongFunction<String> names) {}

  public Console(PrintStream out) {
    this.out = out;
  }

  /**
   * Has a block at the bottom from now on. What tasks print names its item.
   *
   * @param names says what the item is called that the pool knows by a number
   */
  public void showBlock(LongFunction<String> names) {
    TerminalSize size = new TerminalSize();
    block = new Block(new LiveBlock(out, size), size, names);
  }

  public boolean hasBlock() {
    return block != null;
  }

  /** Draws the block anew. */
  public void draw(LiveText text) {
    Block shown = block;
    if (shown != null) {
      TerminalSize size = shown.size();
      size.refresh();
      shown.lines().draw(text.block(size.columns(), size.rows(), coloured));
    }
  }

  /** Gives standard output; if it goes to the terminal, what is written comes above the block. */
  public OutputStream standardOutput(OutputStream standard) {
    if (!Terminal.isStandardOutput()) {
      return standard;
    }
    return new FilterOutputStream(standard) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        Block shown = block;
        if (shown == null) {
          out.write(bytes, from, length);
        } else {
          shown.lines().print(out, bytes, from, length);
        }
      }
    };
  }

  public void message(String text) {
    line("procpool: " + text);
  }

  /** Shows a line, or several. */
  public void line(String text) {
    String whole = PlainText.of(text) + System.lineSeparator();
    Block shown = block;
    if (shown == null) {
      out.print(whole);
      out.flush();
    } else {
      shown.lines().print(whole);
    }
  }

  /** Shows what a task has printed. */
  @Override
  public void accept(Line printed) {
    Block shown = block;
    line(
        shown == null || printed.item().isEmpty()
            ? printed.text()
            : shown.names().apply(printed.item().get().index()) + " | " + printed.text());
  }

  /** Where there is a block, lines of several workers come one after another. */
  @Override
  public boolean wantsItems() {
    return hasBlock();
  }

  /** Takes the block away. */
  @Override
  public void close() {
    Block shown = block;
    if (shown != null) {
      shown.lines().close();
      block = null;
    }
  }
}
