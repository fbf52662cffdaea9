package dev.procpool.local.service;

import dev.procpool.codec.ByteOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.SerialExecutor;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.LogTarget;
import dev.procpool.protocol.LevelMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tells workers from which level on this process's loggers take records, and once a second what has
 * changed, so that workers send nothing that would be dropped here.
 *
 * <p>Owned by the engine's thread. The loggers themselves are asked on another one: the first
 * question may have a whole logging library set itself up, and may hang.
 */
public final class LogLevels {

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The logger of some name of a bridge's library. */
  private record Name(String bridge, String logger) {}

  private final LogTarget target;
  private final Executor engine;
  private final Executor thread;
  private final Fleet fleet;
  private final PerWorker<Asked> asked;

  /**
   * What workers were told. Bounded: {@link LevelMessage#MAX_QUESTIONS}, {@link
   * LevelMessage#MAX_CHARS}.
   */
  private final Map<Name, System.Logger.Level> told = new HashMap<>();

  private long toldChars;

  private long nextLook;
  private boolean looking;

  public LogLevels(LogTarget target, Executor engine, Executor threads, Fleet fleet) {
    this.target = target;
    this.engine = engine;
    this.thread = new SerialExecutor(threads);
    this.fleet = fleet;
    this.asked = fleet.perWorker();
  }

  /** Answers a worker's question. */
  public void asked(Worker worker, ByteBuffer in) throws ProtocolException {
    LevelMessage question = LevelMessage.read(in);
    Name name = new Name(question.bridge(), question.logger());
    ProtocolException.check(
        target.takes(name.bridge()) && of(worker).admit(name),
        "a question for the level of a logger that there is not");
    thread.execute(
        () -> {
          System.Logger.Level level = level(name);
          engine.execute(() -> answer(worker, name, level));
        });
  }

  private Asked of(Worker worker) {
    Asked known = asked.get(worker);
    return known == null ? asked.put(worker, new Asked()) : known;
  }

  private void answer(Worker worker, Name name, System.Logger.Level level) {
    if (told.containsKey(name)) {
      told.put(name, level);
    } else if (told.size() < LevelMessage.MAX_QUESTIONS
        && toldChars + name.logger().length() <= LevelMessage.MAX_CHARS) {
      toldChars += name.logger().length();
      told.put(name, level);
    }
    tell(worker, name, level);
  }

  private void tell(Worker worker, Name name, System.Logger.Level level) {
    ByteOutput out = new ByteOutput(128, Long.MAX_VALUE);
    new LevelMessage(name.bridge(), name.logger(), level).write(out);
    worker.send(ToWorker.LEVEL_IS, out.array(), out.size());
  }

  private System.Logger.Level level(Name name) {
    try {
      return target.threshold(name.bridge(), name.logger());
    } catch (Throwable e) { // the worker waits for an answer, whatever happens here
      SafeLog.log(
          System.Logger.Level.WARNING,
          "the level of logger " + name.logger() + " can't be told; workers take it for INFO",
          e);
      return System.Logger.Level.INFO;
    }
  }

  /**
   * Looks for changes, if it is time to.
   *
   * @return when to look again
   */
  public long round(long now) {
    if (told.isEmpty() || looking) {
      return Long.MAX_VALUE;
    }
    if (nextLook - now <= 0) {
      looking = true;
      nextLook = now + PERIOD_NANOS;
      List<Map.Entry<Name, System.Logger.Level>> before = List.copyOf(told.entrySet());
      thread.execute(() -> look(before));
    }
    return nextLook;
  }

  private void look(List<Map.Entry<Name, System.Logger.Level>> before) {
    Map<Name, System.Logger.Level> changed = new HashMap<>();
    for (Map.Entry<Name, System.Logger.Level> entry : before) {
      System.Logger.Level level = level(entry.getKey());
      if (level != entry.getValue()) {
        changed.put(entry.getKey(), level);
      }
    }
    engine.execute(
        () -> {
          looking = false;
          told.putAll(changed);
          for (Worker worker : new ArrayList<>(fleet.workers())) {
            changed.forEach((name, level) -> tell(worker, name, level));
          }
        });
  }

  /** How many loggers a worker has asked for, and how long their names are together. */
  private static final class Asked {

    private int loggers;
    private int chars;

    /** Counts one more: false if it is one too many. */
    boolean admit(Name name) {
      loggers++;
      chars += name.logger().length();
      return loggers <= LevelMessage.MAX_QUESTIONS && chars <= LevelMessage.MAX_CHARS;
    }
  }
}
