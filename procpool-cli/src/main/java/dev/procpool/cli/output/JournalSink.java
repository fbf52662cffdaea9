package dev.procpool.cli.output;

import dev.procpool.cli.journal.Journal;
import dev.procpool.cli.journal.JournalLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Results in a file that is its own journal. Used by the thread that takes the outcomes. */
public final class JournalSink implements Sink {

  private final Journal journal;
  private final Path target;
  private final ResultLine lines;
  private final boolean ordered;

  public JournalSink(Journal journal, Path target, ResultLine lines, boolean ordered) {
    this.journal = journal;
    this.target = target;
    this.lines = lines;
    this.ordered = ordered;
  }

  @Override
  public void write(Result result) throws IOException {
    Result.Item item = result.item();
    journal.append(item.index(), item.attempt(), lines.ofJournal(result));
  }

  @Override
  public void end() throws IOException {
    journal.finish(target, ordered);
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }

  /** Gives the results among the lines of a file, each with its end; the header is none. */
  public static Stream<String> results(Stream<String> lines) {
    return lines.filter(line -> line.startsWith(JournalLine.START)).map(line -> line + "\n");
  }
}
