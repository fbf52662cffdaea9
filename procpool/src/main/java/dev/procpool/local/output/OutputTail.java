package dev.procpool.local.output;

import dev.procpool.protocol.OutputMark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last lines of a stream with their {@link OutputMark}s, for messages. Thread-safe, guarded by
 * itself.
 *
 * <p>What has no mark was written by the JVM, by native code or by a process that a task has
 * started, or while no item ran. It counts as the running item's if no other item has printed
 * since: nobody can tell better.
 */
public final class OutputTail {

  private static final int PIECES = 20;
  private static final int PIECE_CHARS = 500;
  private static final int END_CHARS = 200;

  /** A line, or what one writer has added to it. */
  private record Piece(String text, @Nullable OutputMark mark, boolean continues) {}

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

  /** Adds a line that no item has printed. */
  public void add(String line) {
    add(line, null, false);
  }

  /**
   * Adds a line, or the next piece of one.
   *
   * @param text the text
   * @param mark whose it is; null for nobody's
   * @param continues whether it stands in the same line as what was added before
   */
  public synchronized void add(String text, @Nullable OutputMark mark, boolean continues) {
    if (pieces.size() == PIECES) {
      pieces.remove();
    }
    pieces.add(new Piece(abbreviated(text), mark, continues));
  }

  private static String abbreviated(String text) {
    return text.length() > PIECE_CHARS ? beginning(text) + " … " + end(text) : text;
  }

  /** What a JVM says last may stand behind a line that a task has not ended. */
  private static String end(String line) {
    int from = Math.max(PIECE_CHARS, line.length() - END_CHARS);
    return line.substring(Character.isLowSurrogate(line.charAt(from)) ? from + 1 : from);
  }

  private static String beginning(String line) {
    boolean cutsPair = Character.isHighSurrogate(line.charAt(PIECE_CHARS - 1));
    return line.substring(0, cutsPair ? PIECE_CHARS - 1 : PIECE_CHARS);
  }

  /**
   * Gives the last lines of an item.
   *
   * @param running the item that the worker was running; null for all lines, whosever they are
   */
  public synchronized List<String> lines(@Nullable OutputMark running) {
    List<String> lines = new ArrayList<>();
    boolean follows = false;
    int at = 0;
    int others = othersBefore(running);
    for (Piece piece : pieces) {
      boolean isIts = at++ >= others || piece.mark != null && piece.mark.equals(running);
      if (isIts && follows && piece.continues) {
        lines.set(lines.size() - 1, lines.get(lines.size() - 1) + piece.text);
      } else if (isIts) {
        lines.add(piece.text);
      }
      follows = isIts;
    }
    return lines;
  }

  /**
   * Tells whether words stand in what the item's own code has not printed.
   *
   * @param running as for {@link #lines}
   */
  public synchronized boolean hasUnmarked(String words, @Nullable OutputMark running) {
    int others = othersBefore(running);
    return pieces.stream()
        .skip(others)
        .anyMatch(piece -> piece.mark == null && piece.text.contains(words));
  }

  /** The number of pieces as far as the last one of another item. */
  private int othersBefore(@Nullable OutputMark running) {
    int others = 0;
    int at = 0;
    for (Piece piece : pieces) {
      at++;
      if (running != null && piece.mark != null && !piece.mark.equals(running)) {
        others = at;
      }
    }
    return others;
  }
}
