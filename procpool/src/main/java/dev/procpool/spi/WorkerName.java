package dev.procpool.spi;

import dev.procpool.guard.HostName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is called in outcomes: its machine and its process there. Immutable.
 *
 * <p>A backend makes one for each worker process and reports with it: for a call's outcomes one
 * object costs less than many that are equal.
 *
 * @since 0.2.0
 */
public final class WorkerName {

  /** Of an item that never started: no host, process 0. */
  public static final WorkerName NONE = new WorkerName("", 0);

  /** Null for this machine, whose name is read when somebody wants to know. */
  private final @Nullable String host;

  private final long pid;

  private WorkerName(@Nullable String host, long pid) {
    this.host = host;
    this.pid = pid;
  }

  /**
   * Names a worker process of any machine.
   *
   * @param host the machine's name
   * @param pid the process identifier there
   * @return the name
   */
  public static WorkerName of(String host, long pid) {
    return new WorkerName(Objects.requireNonNull(host, "host"), pid);
  }

  /**
   * Names a worker process of this machine.
   *
   * @param pid the process identifier
   * @return the name
   */
  public static WorkerName ofThisMachine(long pid) {
    return new WorkerName(null, pid);
  }

  /**
   * Gives the machine's name.
   *
   * @return the name; empty for {@link #NONE}
   */
  public String host() {
    return host == null ? HostName.ofThisMachine() : host;
  }

  /**
   * Gives the process identifier.
   *
   * @return the identifier; 0 for {@link #NONE}
   */
  public long pid() {
    return pid;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof WorkerName name && pid == name.pid && host().equals(name.host());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pid); // no look for a name that nobody has asked for
  }

  @Override
  public String toString() {
    return pid + "@" + host();
  }
}
