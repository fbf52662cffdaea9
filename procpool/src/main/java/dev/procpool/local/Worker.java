package dev.procpool.local;

import dev.procpool.WorkerInfo;
import dev.procpool.channel.Channel;
import dev.procpool.channel.RunPage;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker process, as the engine sees it. Owned by the engine's thread.
 *
 * <pre>
 * state      trigger                                   next
 * STARTING   HELLO with the right token                INITIALIZING (is sent its configuration)
 * INITIALIZING  READY                                  READY (the scheduler may use it)
 * READY      not needed any more, and drained          STOPPING (is told to stop)
 * any        kill(reason)                              STOPPING (its process is destroyed)
 * any        its process has ended                     GONE
 * </pre>
 */
final class Worker {

  enum State {
    STARTING,
    INITIALIZING,
    READY,
    STOPPING,
    GONE
  }

  /** Why the pool killed it; set before the kill, so that its end is judged rightly. */
  enum KillReason {
    TIMED_OUT,
    CANCELLED,
    FROZEN,
    TERMINATED,
    BROKEN_CHANNEL,
    NOT_STOPPING
  }

  final long id;
  final int number;
  final String token;
  final Instant startedAt = Instant.now();
  final OutputTail stdout = new OutputTail();
  final OutputTail stderr = new OutputTail();

  /** The calls whose task it was sent. */
  final Set<Long> tasks = new HashSet<>();

  State state = State.STARTING;
  boolean wasReady;

  /** Whether frames were queued since the last flush. */
  boolean unflushed;

  /** Whether it has finished items and was not given more yet. */
  boolean progressed;

  long itemsDone;
  @Nullable Process process;
  @Nullable RunPage page;
  @Nullable Channel channel;
  @Nullable KillReason killReason;

  /** What the initializer threw, encoded. */
  byte @Nullable [] startFailure;

  /** Where the item was stuck that it was killed for. */
  List<StackTraceElement> stuckStack = List.of();

  /** When it is killed if it has not ended by itself; 0 for never. */
  long endDeadline;

  /** When it last got something to do or finished an item. */
  long activeSince;

  /** When idle since, for the idle time-out. */
  long idleSince;

  /** What the run page said last, and since when. */
  long observedWord;

  long observedSince;
  long observedBeat;
  long observedBeatSince;

  Worker(long id, int number, String token) {
    this.id = id;
    this.number = number;
    this.token = token;
  }

  long pid() {
    return process == null ? 0 : process.pid();
  }

  boolean isReady() {
    return state == State.READY;
  }

  /** Whether it is, or will be, of use. */
  boolean isAlive() {
    return state == State.STARTING || state == State.INITIALIZING || state == State.READY;
  }

  /** Describes it, without its memory, which takes reading a file. */
  WorkerInfo info(boolean idle) {
    WorkerInfo.State shown =
        switch (state) {
          case STARTING, INITIALIZING -> WorkerInfo.State.STARTING;
          case READY -> idle ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
          case STOPPING, GONE -> WorkerInfo.State.STOPPING;
        };
    return new WorkerInfo(number, pid(), shown, itemsDone, startedAt, OptionalLong.empty());
  }
}
