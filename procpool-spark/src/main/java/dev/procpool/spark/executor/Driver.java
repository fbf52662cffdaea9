package dev.procpool.spark.executor;

import java.io.IOException;

/** The driver, as those see it who ask. */
interface Driver {

  /** Asks, and waits for the answer. */
  byte[] ask(byte[] question) throws IOException, InterruptedException;
}
