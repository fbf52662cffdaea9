package dev.procpool.local.service;

import dev.procpool.codec.ByteOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Answers workers that ask for classes and resources, away from the engine's thread: the loader may
 * be the user's own. A worker has few threads of ours at a time, and gets no more answers than it
 * takes; what it asks for beyond that waits, within a bound.
 *
 * <p>Owned by the engine's thread.
 */
public final class ClassFetches {

  private static final int MOST_AT_ONCE = 8;

  /** Each thread of a worker asks for one thing at a time. */
  private static final int MOST_WAITING = 4096;

  private static final int MOST_WAITING_CHARS = 1024 * 1024;

  /** A worker that has not taken so much gets nothing more. */
  private static final long MOST_UNSENT_BYTES = 8 * 1024 * 1024;

  private final ClassSource source;
  private final Engine engine;
  private final Executor threads;

  private final PerWorker<Questions> asked;

  /** Workers that have questions waiting and answers to take. */
  private final List<Worker> held = new ArrayList<>();

  public ClassFetches(ClassSource source, Engine engine, Executor threads, Fleet fleet) {
    this.source = source;
    this.engine = engine;
    this.threads = threads;
    this.asked = fleet.perWorker();
  }

  /**
   * Takes a worker's question.
   *
   * @throws ProtocolException if it asks for too much at a time
   */
  public void ask(Worker worker, FetchMessage question) throws ProtocolException {
    Questions questions = of(worker);
    questions.waiting.add(question);
    questions.chars += question.path().length();
    if (questions.waiting.size() > MOST_WAITING || questions.chars > MOST_WAITING_CHARS) {
      throw new ProtocolException(
          questions.waiting.size() + " questions for classes and resources at a time");
    }
    answerNext(worker);
  }

  /** Goes on with workers that have taken their answers meanwhile. */
  public void resume() {
    for (int i = held.size() - 1; i >= 0; i--) {
      Worker worker = held.get(i);
      if (!isServed(worker) || !isFull(worker)) {
        held.remove(i);
        answerNext(worker);
      }
    }
  }

  private Questions of(Worker worker) {
    Questions known = asked.get(worker);
    return known == null ? asked.put(worker, new Questions()) : known;
  }

  private void answerNext(Worker worker) {
    Questions questions = of(worker);
    while (isServed(worker) && questions.open < MOST_AT_ONCE && !questions.waiting.isEmpty()) {
      if (isFull(worker)) {
        if (!held.contains(worker)) {
          held.add(worker);
        }
        return;
      }
      FetchMessage question = questions.waiting.remove();
      questions.chars -= question.path().length();
      questions.open++;
      threads.execute(
          () -> {
            ByteOutput bytes = read(worker, question);
            engine.execute(() -> answered(worker, bytes));
          });
    }
  }

  /** Until its end: a finalizer too may need classes. */
  private static boolean isServed(Worker worker) {
    return !worker.isGone() && worker.violation() == null;
  }

  private static boolean isFull(Worker worker) {
    return worker.line().queuedForSocket() > MOST_UNSENT_BYTES;
  }

  private ByteOutput read(Worker worker, FetchMessage question) {
    FetchMessage.Answer answer;
    try {
      answer = source.answer(worker, question);
    } catch (Throwable e) { // the user's loader: the worker must not wait for ever
      SafeLog.log(System.Logger.Level.WARNING, "a class loader failed at " + question.path(), e);
      answer = new FetchMessage.Answer(question.request(), List.of());
    }
    ByteOutput bytes = new ByteOutput(4096, Long.MAX_VALUE);
    answer.write(bytes);
    return bytes;
  }

  private void answered(Worker worker, ByteOutput bytes) {
    worker.send(ToWorker.FETCHED, bytes.array(), bytes.size());
    of(worker).open--;
    answerNext(worker);
  }

  /** What one worker asks for. Owned by the engine's thread. */
  private static final class Questions {

    /** How many are being answered. */
    private int open;

    private final ArrayDeque<FetchMessage> waiting = new ArrayDeque<>();

    /** The length of the paths of those that wait. */
    private long chars;
  }
}
