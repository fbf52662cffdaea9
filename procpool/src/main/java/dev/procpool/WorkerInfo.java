package dev.procpool;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A worker as it was at one moment. Immutable.
 *
 * @param number the worker's number in its pool, from 0; a replacement takes its predecessor's
 * @param pid the process identifier
 * @param state what it was doing
 * @param tasksDone how many items it had finished
 * @param startedAt when its process was started
 * @param memoryBytes its resident memory; empty where the system does not tell
 */
public record WorkerInfo(
    int number,
    long pid,
    State state,
    long tasksDone,
    Instant startedAt,
    OptionalLong memoryBytes) {

  /** What a worker does. */
  public enum State {
    /** Its process was started and is not ready for tasks yet. */
    STARTING,
    /** It waits for tasks. */
    IDLE,
    /** It runs a task. */
    BUSY,
    /** It ends, or is being killed. */
    STOPPING
  }
}
