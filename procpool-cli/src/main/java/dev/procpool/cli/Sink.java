package dev.procpool.cli;

import java.io.IOException;

/** Where results go. Used by the thread that takes the outcomes. */
interface Sink extends AutoCloseable {

  /** Takes a result. */
  void write(Result result) throws IOException;

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
