package dev.procpool.cli.output;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings results that come in no order into that of the items, holding back those that come early.
 * Used by the thread that takes the outcomes.
 */
public final class InOrder implements Sink {

  private final Sink sink;
  private final SortedMap<Long, Result> early = new TreeMap<>();
  private long next;

  public InOrder(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void write(Result result) throws IOException {
    early.put(result.item().index(), result);
    for (@Nullable Result due = early.remove(next); due != null; due = early.remove(next)) {
      next++;
      sink.write(due);
    }
  }

  @Override
  public void flush() throws IOException {
    sink.flush();
  }

  /** Hands on what waits for items that have not run. */
  @Override
  public void release() throws IOException {
    writeEarly();
    sink.release();
  }

  @Override
  public void end() throws IOException {
    writeEarly();
    sink.end();
  }

  private void writeEarly() throws IOException {
    for (Result result : early.values()) {
      sink.write(result);
    }
    early.clear();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
