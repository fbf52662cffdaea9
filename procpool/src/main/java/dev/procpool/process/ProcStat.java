package dev.procpool.process;

import org.jspecify.annotations.Nullable;

/**
 * What Linux tells of a process or thread at one moment. Immutable.
 *
 * @param state a letter: R for running, T for stopped, and others
 * @param ticks the processor time that it has used, in user and system mode, by {@link #TICK_NANOS}
 */
public record ProcStat(char state, long ticks) {

  /** How long a tick of the system is. */
  public static final long TICK_NANOS = 10_000_000;

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  /**
   * Asks for it.
   *
   * @param path of the process or thread below {@code /proc}
   * @return null if there is none, or it is not to be asked for, or there is no descriptor to ask
   */
  public static @Nullable ProcStat of(String path) {
    String[] fields;
    try {
      fields = ProcFiles.fields(path, SYSTEM + 2);
    } catch (ShortageException e) {
      return null;
    }
    return fields.length <= SYSTEM
        ? null
        : new ProcStat(
            fields[0].charAt(0), Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]));
  }

  /** Whether it is stopped by a signal or a debugger. */
  public boolean isStopped() {
    return state == 'T' || state == 't';
  }
}
