package dev.procpool.local.fleet;

import dev.procpool.WorkerInfo;
import dev.procpool.channel.Bell;
import dev.procpool.channel.Channel;
import dev.procpool.channel.RingChannel;
import dev.procpool.channel.RunPage;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.output.OutputTail;
import dev.procpool.process.JvmProcess;
import java.time.Instant;
import java.util.Arrays;
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
 * READY      not needed any more, and retired          STOPPING (is told to stop)
 * any        kill(reason)                              STOPPING (its process is destroyed)
 * any        its process has ended                     GONE
 * </pre>
 */
public final class Worker {

  public enum State {
    STARTING,
    INITIALIZING,
    READY,
    STOPPING,
    GONE
  }

  /** Why the pool killed it; set before the kill, so that its end is judged rightly. */
  public enum KillReason {
    TIMED_OUT(true),
    CANCELLED(true),
    FROZEN(false),
    TERMINATED(true),
    BROKEN_CHANNEL(false),
    NOT_STOPPING(true);

    /** Whether such an end says nothing about the next one's chances. */
    final boolean isMeant;

    KillReason(boolean isMeant) {
      this.isMeant = isMeant;
    }
  }

  public final long id;
  public final int number;
  final String token;
  final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();

  /** Marks the processes that its tasks start; empty if they are kept. */
  final String childMark;

  /** Marks its output. */
  final byte[] outputKey;

  final OutputTail stdout = new OutputTail();
  public final OutputTail stderr = new OutputTail();

  /** The calls whose task it was sent. */
  public final Set<Long> tasks = new HashSet<>();

  /** One of them, or 0; spares a look into the set for each chunk. */
  public long lastTask;

  public State state = State.STARTING;
  public boolean wasReady;

  /** Whether it has said so, which may be too late. */
  boolean saidReady;

  /** Among how many workers the machine was shared out when it was launched; 0 before that. */
  int sharers;

  /** Whether its JVM was given an archive of classes to start from. */
  boolean usesArchive;

  /** Whether it was killed since it did not connect in time. */
  boolean isLate;

  /** Whether frames were queued for the socket since the last flush. */
  boolean unflushed;

  /** Whether the worker must be woken for what is in its ring. */
  boolean mustWake;

  /** Whether there is something in its ring, as {@link Fleet#poll} has just seen. */
  boolean hasInput;

  /** Whether it has finished items and was not given more yet. */
  public boolean progressed;

  private long itemsDone;
  @Nullable Process process;

  /** Whether its process may be another's than the JVM's. */
  boolean isSandboxed;

  private long jvmPid;
  MemoryFiles.@Nullable Named memory;
  public @Nullable RunPage page;
  public @Nullable Channel channel;

  /** Set together with the state READY or before; then {@link #rings} is made. */
  @Nullable Bell bell;

  /** Null again once the worker has broken what was agreed: nothing more of it is read. */
  @Nullable RingChannel rings;

  public @Nullable KillReason killReason;

  /** What it did against what was agreed; null if it kept to it. */
  public @Nullable String violation;

  /** The item that it was at by then, as on the run page, if that names none; 0 for none. */
  public long violatedItem;

  /** Whether it has cut off the memory shared with it, so that nobody knows what it was running. */
  public boolean isMemoryLost;

  /** What the initializer threw, encoded. */
  byte @Nullable [] startFailure;

  /** Where the item was stuck that it was killed for. */
  public List<StackTraceElement> stuckStack = List.of();

  final Ending ending = new Ending();

  /** By it go the limits for what it does. */
  final WorkerClock clock;

  /** How much was read from its ring. */
  public long receivedBytes;

  /** When, by its own clock, it is killed if it has not ended by itself; 0 for never. */
  long endDeadline;

  /**
   * When it last got something to do or finished an item, by {@link System#nanoTime()}: for how
   * long an item took, stopped or not.
   */
  public long activeSince;

  /** When idle since, for the idle time-out. */
  public long idleSince;

  /** How often something was read from its ring. */
  long received;

  /** What other parts keep of it; see {@link PerWorker}. */
  private @Nullable Object[] kept = new Object[8];

  Worker(long id, int number, String token, String childMark, byte[] outputKey, long freezeNanos) {
    this.id = id;
    this.number = number;
    this.token = token;
    this.childMark = childMark;
    this.outputKey = outputKey.clone();
    this.clock = new WorkerClock(freezeNanos);
  }

  /** Counts items that it has finished. */
  public void finished(int items) {
    itemsDone += items;
  }

  /** How many items it has finished, of which the scheduler has heard. */
  public long itemsDone() {
    return itemsDone;
  }

  /** How often something was read from its ring. */
  public long received() {
    return received;
  }

  /** How much of what was written to it waits for room in its ring. */
  public long unsentBytes() {
    return rings == null ? 0 : rings.queuedBytes();
  }

  @Nullable Object kept(int index) {
    return index < kept.length ? kept[index] : null;
  }

  void keep(int index, Object state) {
    if (index >= kept.length) {
      kept = Arrays.copyOf(kept, 2 * index);
    }
    kept[index] = state;
  }

  /** How long ago it was begun to be started. */
  public long ageNanos() {
    return System.nanoTime() - startedNanos;
  }

  /** Its JVM's process, which may be started by that of a sandbox. */
  public long jvmPid() {
    if (jvmPid == 0 && isReady()) {
      jvmPid = isSandboxed ? JvmProcess.of(pid()) : pid();
    }
    return jvmPid == 0 ? pid() : jvmPid;
  }

  public long pid() {
    return process == null ? 0 : process.pid();
  }

  /** Tells whether the memory shared with it is there; asked after each access to it. */
  boolean hasWholeMemory() {
    return memory == null || isMemoryLost || memory.memory().isWhole();
  }

  public boolean isReady() {
    return state == State.READY;
  }

  /** Whether it is, or will be, of use. */
  public boolean isAlive() {
    return state == State.STARTING || state == State.INITIALIZING || state == State.READY;
  }

  /** Describes it, without its memory, which takes reading a file. */
  public WorkerInfo info(boolean idle, WorkerInfo.ThreadDumper dumper) {
    WorkerInfo.State shown =
        switch (state) {
          case STARTING, INITIALIZING -> WorkerInfo.State.STARTING;
          case READY -> idle ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
          case STOPPING, GONE -> WorkerInfo.State.STOPPING;
        };
    return new WorkerInfo(number, pid(), shown, itemsDone, startedAt, OptionalLong.empty(), dumper);
  }
}
