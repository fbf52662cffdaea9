package dev.procpool.local.fleet;

import dev.procpool.local.launch.Launcher.Launched;
import dev.procpool.local.output.OutputTail;
import dev.procpool.process.JvmProcess;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.OutputMark;
import dev.procpool.protocol.SystemRandom;
import dev.procpool.spi.WorkerName;
import java.time.Instant;
import java.util.Arrays;
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
 *
 * <p>Who writes what, all on the engine's thread; everybody there may read:
 *
 * <pre>
 * what                                     written by
 * sharers                                  WorkerStart, off the engine's thread
 * process, archive                         Fleet, once it was launched
 * line (rings, sockets, shared memory)     Reception (made), Lines (used), Trust (shut)
 * state                                    Reception (up to READY), Kills (STOPPING), Ends (GONE)
 * whether it is a spare                    Fleet
 * reason of the kill, when to end          Kills; who gives the worker up says the reason
 * what it did against what was agreed      Trust, Supervision, Results
 * how many items it has finished           Results
 * what a part of the pool keeps of it      that part, by PerWorker
 * </pre>
 */
public final class Worker {

  /** See the class. */
  public enum State {
    STARTING,
    INITIALIZING,
    READY,
    STOPPING,
    GONE
  }

  private final long id;
  private final int number;
  private final String token = SystemRandom.word();
  private final Instant startedAt = Instant.now();
  private final StartTimes startTimes = new StartTimes();
  private final String childMark;
  private final byte[] outputKey = OutputMark.newKey();
  private final boolean isSandboxed;
  private final OutputTail stdout = new OutputTail();
  private final OutputTail stderr = new OutputTail();
  private final WorkerLine line = new WorkerLine();
  private final WorkerClock clock;
  private final Ending ending = new Ending();

  private State state = State.STARTING;
  private boolean wasReady;
  private boolean isSpare;
  private @Nullable Launched launched;

  /** Known before the process is there: who comes later may have it replaced by then. */
  private volatile int sharers;

  private long jvmPid;
  private @Nullable WorkerName name;

  /** Whether it has said that it is ready, which may be too late. */
  private boolean saidReady;

  /** What the initializer threw, encoded. */
  private byte @Nullable [] startFailure;

  private @Nullable Kill kill;
  private @Nullable String violation;
  private long violatedWord;
  private boolean hasInput;
  private long itemsDone;
  private long workNanos;

  /** What other parts keep of it; see {@link PerWorker}. */
  private @Nullable Object[] kept = new Object[8];

  /**
   * Makes one whose process is yet to be started.
   *
   * @param childMark marks the processes that its tasks start; empty if they are kept
   * @param isSandboxed whether its process may be another's than the JVM's
   * @param freezeNanos for how long it may be stopped at a time
   */
  public Worker(long id, int number, String childMark, boolean isSandboxed, long freezeNanos) {
    this.id = id;
    this.number = number;
    this.childMark = childMark;
    this.isSandboxed = isSandboxed;
    this.clock = new WorkerClock(freezeNanos);
  }

  // ------------------------------------------------------------------ who it is

  /** Its own: no other worker of the pool has, or had, the same. */
  public long id() {
    return id;
  }

  /** What users know it by. A successor of one that ends may have the same. */
  public int number() {
    return number;
  }

  /** By which it proves who it is. */
  String token() {
    return token;
  }

  String childMark() {
    return childMark;
  }

  /** Marks its output. */
  byte[] outputKey() {
    return outputKey.clone();
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** How long ago it was begun to be started. */
  public long ageNanos() {
    return startTimes.ageNanos(System.nanoTime());
  }

  /** How far its start was when. */
  public StartTimes startTimes() {
    return startTimes;
  }

  /** Its process; 0 before that was started. */
  public long pid() {
    return launched == null ? 0 : launched.process().pid();
  }

  /** What it is called in outcomes. */
  public WorkerName name() {
    WorkerName known = name;
    if (known == null) {
      known = WorkerName.ofThisMachine(pid());
      name = launched == null ? null : known;
    }
    return known;
  }

  /** Its JVM's process, which may be started by that of a sandbox. */
  public long jvmPid() {
    if (jvmPid == 0 && isReady()) {
      jvmPid = isSandboxed ? JvmProcess.of(pid()) : pid();
    }
    return jvmPid == 0 ? pid() : jvmPid;
  }

  // ------------------------------------------------------------------ how far it is

  public State state() {
    return state;
  }

  void state(State next) {
    state = next;
    if (next == State.INITIALIZING) {
      startTimes.connected();
    } else if (next == State.READY) {
      wasReady = true;
      startTimes.ready();
    }
  }

  public boolean isReady() {
    return state == State.READY;
  }

  /** Whether it is, or will be, of use. */
  public boolean isAlive() {
    return state == State.STARTING || state == State.INITIALIZING || state == State.READY;
  }

  /** Whether it is kept for when another ends, and gets no items. */
  public boolean isSpare() {
    return isSpare;
  }

  void spare(boolean is) {
    isSpare = is;
  }

  public boolean isGone() {
    return state == State.GONE;
  }

  public boolean wasReady() {
    return wasReady;
  }

  /** Notes that it says it is ready. */
  void saidReady() {
    saidReady = true;
  }

  void startFailed(byte[] failure) {
    startFailure = failure;
  }

  /** What the initializer threw, encoded; null for nothing. */
  byte @Nullable [] startFailure() {
    return startFailure;
  }

  /** Whether it has said neither that it is ready nor that it could not start. */
  boolean isExpectedToStart() {
    return !saidReady && startFailure == null;
  }

  void launched(Launched process) {
    launched = process;
  }

  /** Its process; null before that was started. */
  @Nullable Process process() {
    return launched == null ? null : launched.process();
  }

  /** Notes among how many workers the machine is shared out for it; off the engine's thread. */
  void sharedBy(int workers) {
    sharers = workers;
  }

  /** Among how many workers the machine was shared out for it; 0 before its start. */
  int sharers() {
    return sharers;
  }

  /** Whether its JVM was given an archive of classes to start from. */
  boolean usesArchive() {
    return launched != null && launched.usesArchive();
  }

  // ------------------------------------------------------------------ what it does

  /** The ways to it. */
  public WorkerLine line() {
    return line;
  }

  /** Queues a frame for its socket. */
  public void send(int type, byte[] payload, int length) {
    line.send(type, payload, length);
  }

  /** By it go the limits for what it does. */
  WorkerClock clock() {
    return clock;
  }

  OutputTail stdout() {
    return stdout;
  }

  OutputTail stderr() {
    return stderr;
  }

  /** Adds a line of ours to its last words. */
  public void note(String text) {
    stderr.add("procpool: " + text);
  }

  /** Whether there is something in its ring, as was just seen. */
  boolean hasInput() {
    return hasInput;
  }

  void hasInput(boolean is) {
    hasInput = is;
  }

  /** Counts items that it has finished, and how long they ran together. */
  public void finished(int items, long nanos) {
    itemsDone += items;
    workNanos += nanos;
  }

  /** How long the items ran that it has finished. */
  public long workNanos() {
    return workNanos;
  }

  /** How many items it has finished, of which the scheduler has heard. */
  public long itemsDone() {
    return itemsDone;
  }

  // ------------------------------------------------------------------ what it did wrong

  /** Notes what it did against what was agreed. The first counts. */
  public void violated(String what) {
    violation = violation == null ? what : violation;
  }

  /** What it did against what was agreed; null if it kept to it. */
  public @Nullable String violation() {
    return violation;
  }

  /** Notes the item that it was at by then, in case that its run page names none. */
  public void blame(@Nullable ItemRef item) {
    violatedWord = item == null ? 0 : item.word();
  }

  /** The item that it was at when it broke what was agreed; 0 for none. */
  long violatedWord() {
    return violatedWord;
  }

  // ------------------------------------------------------------------ its end

  /** Sees to its end. */
  Ending ending() {
    return ending;
  }

  /** Notes that it has asked for another in its place. */
  public void wantsToBeReplaced() {
    ending.asked();
  }

  /** Notes why it is killed. The first reason counts, and what is known best of it. */
  void killed(Kill why) {
    kill = kill == null || why.saysMoreThan(kill) ? why : kill;
    state = State.STOPPING;
    ending.by(0);
  }

  /** Why the pool killed it; null if it did not. */
  public @Nullable Kill kill() {
    return kill;
  }

  /** What is behind it; null if the pool did not. */
  public Kill.@Nullable Reason killReason() {
    return kill == null ? null : kill.reason();
  }

  /** Whether its end says nothing about the next one's chances. */
  boolean isEndMeant() {
    Kill.Reason reason = killReason();
    return reason == null ? ending.isTold() && wasReady && isWorthIt() : reason.isMeant;
  }

  /**
   * Whether its successor waits until it has ended, as that may be one end too many: it has asked
   * for another and done nothing before.
   */
  boolean isAwaited() {
    return state == State.STOPPING && kill == null && !isEndMeant();
  }

  /** Else workers that ask to be replaced, and do nothing before, are replaced for ever. */
  private boolean isWorthIt() {
    return itemsDone > 0 || !ending.isAsked();
  }

  // ------------------------------------------------------------------ what others keep of it

  @Nullable Object kept(int index) {
    return index < kept.length ? kept[index] : null;
  }

  void keep(int index, Object what) {
    if (index >= kept.length) {
      kept = Arrays.copyOf(kept, 2 * index);
    }
    kept[index] = what;
  }

  @Override
  public String toString() {
    return "worker " + number + " (pid " + pid() + ")";
  }
}
