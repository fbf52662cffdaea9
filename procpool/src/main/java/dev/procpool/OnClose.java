package dev.procpool;

/** What {@link Pool#close()} does with tasks that have not finished. */
public enum OnClose {
  /** Waits for them, as {@code ExecutorService.close()} does. The default. */
  JOIN,
  /** Stops them, as leaving Python's {@code with Pool()} block does. */
  TERMINATE
}
