package dev.procpool;

/**
 * An output that does not care which item printed a line.
 *
 * @param consumer takes the lines
 */
record PlainOutput(WorkerOutput consumer) implements WorkerOutput {

  @Override
  public void accept(Line line) {
    consumer.accept(line);
  }

  @Override
  public boolean wantsItems() {
    return false;
  }
}
