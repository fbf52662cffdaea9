package dev.procpool.local;

import dev.procpool.WorkerInfo;
import dev.procpool.channel.Bell;
import dev.procpool.channel.Channel;
import dev.procpool.channel.RingChannel;
import dev.procpool.channel.RunPage;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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

  final long id;
  final int number;
  final String token;
  final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();

  /** Marks the processes that its tasks start; empty if they are kept. */
  final String childMark;

  /** Marks its output. */
  final byte[] outputKey;

  final OutputTail stdout = new OutputTail();
  final OutputTail stderr = new OutputTail();

  /** The calls whose task it was sent. */
  final Set<Long> tasks = new HashSet<>();

  /** One of them, or 0; spares a look into the set for each chunk. */
  long lastTask;

  State state = State.STARTING;
  boolean wasReady;

  /** Whether it has said so, which may be too late. */
  boolean saidReady;

  /** What it reports of its items. */
  final ChunkReport report = new ChunkReport();

  /** Among how many workers the machine was shared out when it was launched; 0 before that. */
  volatile int sharers;

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
  boolean progressed;

  long itemsDone;
  @Nullable Process process;

  /** Whether its process may be another's than the JVM's. */
  boolean isSandboxed;

  private long jvmPid;
  MemoryFiles.@Nullable Named memory;
  @Nullable RunPage page;
  @Nullable Channel channel;

  /** Set together with the state READY or before; then {@link #rings} is made. */
  @Nullable Bell bell;

  /** Null again once the worker has broken what was agreed: nothing more of it is read. */
  @Nullable RingChannel rings;

  @Nullable KillReason killReason;

  /** What it did against what was agreed; null if it kept to it. */
  @Nullable String violation;

  /** The item that it was at by then, as on the run page, if that names none; 0 for none. */
  long violatedItem;

  /** Whether it has cut off the memory shared with it, so that nobody knows what it was running. */
  boolean isMemoryLost;

  /** The classes and resources that it asks for. */
  final ClassFetches.Questions questions = new ClassFetches.Questions();

  /** What the initializer threw, encoded. */
  byte @Nullable [] startFailure;

  /** Where the item was stuck that it was killed for. */
  List<StackTraceElement> stuckStack = List.of();

  final Ending ending = new Ending();

  /** By it go the limits for what it does. */
  final WorkerClock clock;

  /** How much was read from its ring. */
  long receivedBytes;

  /** When, by its own clock, it is killed if it has not ended by itself; 0 for never. */
  long endDeadline;

  /** Whether it was asked to collect its garbage and has not answered. */
  boolean collecting;

  /** When its memory was measured last. */
  long measuredAt;

  /**
   * When it last got something to do or finished an item, by {@link System#nanoTime()}: for how
   * long an item took, stopped or not.
   */
  long activeSince;

  /** When idle since, for the idle time-out. */
  long idleSince;

  /** How often something was read from its ring. */
  long received;

  /** What the run page said last, and since when, or since something of its result has come. */
  private long observedWord;

  private long observedReceived;

  /** When it last had nothing to do, or something was read of it or written to it. */
  long progressedSince;

  /** When it last named an item that runs, or the same. */
  long namedSince;

  private long progressedReceived;
  private long progressedUnsent;
  long observedSince;
  long observedBeat;
  long observedBeatSince;

  /** How much processor time went into collecting garbage. */
  final GarbageTime garbage = new GarbageTime();

  /** Decodes what its log records have thrown, in turn. */
  @Nullable Executor logDecoding;

  /** Log records that it has sent and that nobody has dealt with yet. */
  final LogWindow logs = new LogWindow();

  /** For how many loggers it has asked for the level. */
  int levelsAsked;

  /** How many characters their names have. */
  long levelCharsAsked;

  /** Who waits for a thread dump, by the number of the request. */
  final Map<Long, CompletableFuture<String>> dumps = new HashMap<>();

  Worker(long id, int number, String token, String childMark, byte[] outputKey, long freezeNanos) {
    this.id = id;
    this.number = number;
    this.token = token;
    this.childMark = childMark;
    this.outputKey = outputKey.clone();
    this.clock = new WorkerClock(freezeNanos);
  }

  /**
   * Takes note of the item that the run page names. It is named there until its result was sent,
   * and sending a large one takes time that is not the item's: while some of it comes, its clock
   * begins anew.
   *
   * @param now by this worker's clock
   */
  void observe(long word, long now) {
    if (word != observedWord || received != observedReceived) {
      observedWord = word;
      observedReceived = received;
      observedSince = now;
    }
  }

  /**
   * Takes note of whether it gets on.
   *
   * @param excused whether nothing is expected of it
   * @param names whether it names an item
   */
  void observeProgress(boolean excused, boolean names, long now) {
    long unsent = rings == null ? 0 : rings.queuedBytes();
    boolean moved = received != progressedReceived || unsent != progressedUnsent;
    boolean progressed = excused || moved || progressedSince == 0;
    progressedReceived = received;
    progressedUnsent = unsent;
    if (progressed) {
      progressedSince = now;
    }
    if (progressed || names) {
      namedSince = now;
    }
  }

  /** How many items it has reported, those included that the scheduler has not heard of. */
  long itemsReported() {
    return itemsDone + report.count();
  }

  /** How long ago it was begun to be started. */
  long ageNanos() {
    return System.nanoTime() - startedNanos;
  }

  /** Its JVM's process, which may be started by that of a sandbox. */
  long jvmPid() {
    if (jvmPid == 0 && isReady()) {
      jvmPid = isSandboxed ? JvmProcess.of(pid()) : pid();
    }
    return jvmPid == 0 ? pid() : jvmPid;
  }

  long pid() {
    return process == null ? 0 : process.pid();
  }

  /** Tells whether the memory shared with it is there; asked after each access to it. */
  boolean hasWholeMemory() {
    return memory == null || isMemoryLost || memory.memory().isWhole();
  }

  boolean isReady() {
    return state == State.READY;
  }

  /** Whether it is, or will be, of use. */
  boolean isAlive() {
    return state == State.STARTING || state == State.INITIALIZING || state == State.READY;
  }

  /** Describes it, without its memory, which takes reading a file. */
  WorkerInfo info(boolean idle, WorkerInfo.ThreadDumper dumper) {
    WorkerInfo.State shown =
        switch (state) {
          case STARTING, INITIALIZING -> WorkerInfo.State.STARTING;
          case READY -> idle ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
          case STOPPING, GONE -> WorkerInfo.State.STOPPING;
        };
    return new WorkerInfo(number, pid(), shown, itemsDone, startedAt, OptionalLong.empty(), dumper);
  }
}
