package dev.procpool.cli.output;

import java.io.IOException;

/** Where results go. Used by the thread that takes the outcomes. */
public interface Sink extends AutoCloseable {

  /** Takes a result, which may be held back until {@link #flush}. */
  void write(Result result) throws IOException;

  /** Hands on what was written, since the next result may take long, and somebody may wait. */
  default void flush() throws IOException {}

  /** The run ends before all items have their results: hands on what is held back. */
  default void release() throws IOException {}

  /** The run has come to its end: every item has its result. */
  default void end() throws IOException {
    release();
  }

  @Override
  void close() throws IOException;

  /** Takes results and drops them. */
  static Sink none() {
    return new Sink() {
      @Override
      public void write(Result result) {}

      @Override
      public void close() {}
    };
  }
}
