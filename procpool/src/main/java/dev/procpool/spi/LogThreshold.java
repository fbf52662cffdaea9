package dev.procpool.spi;

/**
 * The lowest level that the parent's logger of some name takes, as a worker knows it. It changes
 * when the parent's logger does. Thread-safe; a look costs as much as one at a volatile field.
 *
 * @since 0.2.0
 */
public final class LogThreshold {

  private volatile int severity;

  /**
   * Makes one.
   *
   * @param level the lowest level that is taken
   */
  public LogThreshold(System.Logger.Level level) {
    severity = level.getSeverity();
  }

  /**
   * Tells whether records of a level are taken.
   *
   * @param level a record's level
   * @return whether it is worth sending
   */
  public boolean allows(System.Logger.Level level) {
    return level.getSeverity() >= severity;
  }

  /**
   * Changes it.
   *
   * @param level the lowest level that is taken now
   */
  public void set(System.Logger.Level level) {
    severity = level.getSeverity();
  }
}
