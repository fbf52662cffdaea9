package dev.procpool.view;

import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** What readers may do to a pool, if they may. Each deed is logged. Thread-safe. */
final class Actions {

  private static final System.Logger LOG = System.getLogger("dev.procpool.view");
  private static final int MOST_WORKERS = 10_000;

  private Actions() {}

  /** What came of it, for people. */
  record Result(int status, String words) {}

  /**
   * Does something.
   *
   * @param action cancel, kill, resize or dump
   * @param pool to which pool
   * @param fields what else was said
   * @param who asks, for the log
   * @return what came of it
   * @throws InterruptedException if this thread was interrupted
   */
  static Result act(String action, Pool pool, Map<String, String> fields, String who)
      throws InterruptedException {
    Result result;
    try {
      result =
          switch (action) {
            case "cancel" -> cancel(pool, number(fields, "call"));
            case "kill" -> kill(pool, number(fields, "worker"), number(fields, "pid"));
            case "resize" -> resize(pool, number(fields, "workers"));
            case "dump" -> dump(pool, number(fields, "worker"), number(fields, "pid"));
            default -> new Result(404, "there is no such action");
          };
    } catch (IllegalArgumentException e) {
      result = new Result(400, String.valueOf(e.getMessage()));
    } catch (NoSuchElementException
        | IllegalStateException
        | RejectedExecutionException
        | UnsupportedOperationException e) {
      result = new Result(409, String.valueOf(e.getMessage()));
    }
    String told = action.equals("dump") && result.status == 200 ? "" : ": " + result.words;
    LOG.log(
        System.Logger.Level.INFO,
        "{0} of the live page asked pool ''{1}'' for {2} {3}{4}",
        who,
        name(pool),
        action,
        fields,
        told);
    return result;
  }

  private static String name(Pool pool) {
    return pool.stats().pool();
  }

  private static long number(Map<String, String> fields, String name) {
    String text = fields.get(name);
    try {
      return Long.parseLong(String.valueOf(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number, was " + text, e);
    }
  }

  private static Result cancel(Pool pool, long call) {
    return pool.cancelCall(call)
        ? new Result(200, "call " + call + " is cancelled")
        : new Result(409, "call " + call + " has ended already");
  }

  private static Result resize(Pool pool, long workers) {
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new IllegalArgumentException(
          "workers must be from 1 to " + MOST_WORKERS + ", was " + workers);
    }
    pool.resize((int) workers);
    return new Result(200, "the pool is to have " + workers + " workers");
  }

  private static Result dump(Pool pool, long worker, long pid) throws InterruptedException {
    return new Result(200, find(pool, worker, pid).threadDump());
  }

  /**
   * Kills a process that this one has started: of other machines none, where a number may be that
   * of another worker here.
   */
  private static Result kill(Pool pool, long worker, long pid) {
    WorkerInfo info = find(pool, worker, pid);
    Optional<ProcessHandle> process =
        info.host().equals(ViewInfo.HOST)
            ? ProcessHandle.current().descendants().filter(one -> one.pid() == pid).findFirst()
            : Optional.empty();
    if (process.isEmpty()) {
      throw new IllegalStateException(
          "worker "
              + worker
              + " (pid "
              + pid
              + " on "
              + info.host()
              + ") is no process that this program has started, so it can't be killed from here:"
              + " cancel its call instead");
    }
    return process.get().destroyForcibly()
        ? new Result(200, "worker " + worker + " (pid " + pid + ") is killed")
        : new Result(409, "worker " + worker + " (pid " + pid + ") can't be killed");
  }

  private static WorkerInfo find(Pool pool, long worker, long pid) {
    return pool.stats().workers().stream()
        .map(PoolStats.Worker::info)
        .filter(info -> info.number() == worker && info.pid() == pid)
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "worker " + worker + " (pid " + pid + ") has ended meanwhile"));
  }
}
