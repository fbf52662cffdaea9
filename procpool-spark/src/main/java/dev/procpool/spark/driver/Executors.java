package dev.procpool.spark.driver;

import dev.procpool.PoolEvent;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * The executors that have said hello, and what is known of their workers. Guarded by the backend's
 * lock, but for static methods.
 */
final class Executors {

  /**
   * An executor.
   *
   * @param agent whom to send messages
   * @param host its machine
   * @param reports what it reports, each once and in order
   */
  record Known(RpcEndpointRef agent, String host, ReportOrder reports) {}

  private final ExecutorService threads;
  private final Map<String, Known> known = new LinkedHashMap<>();

  /** Each worker that was started and has not ended, by its number. */
  private final Map<Integer, LiveWorker> workers = new HashMap<>();

  /** How many workers each was told to release. */
  private final Map<String, Integer> releases = new HashMap<>();

  /** A worker of an executor, for when nobody is left there to tell its end. */
  static final class LiveWorker {
    private final String executor;
    private final PoolEvent.Worker worker;
    private final Instant startedAt;
    private long items;

    private LiveWorker(String executor, PoolEvent.WorkerStart start) {
      this.executor = executor;
      this.worker = start.worker();
      this.startedAt = start.at();
    }

    PoolEvent.Worker worker() {
      return worker;
    }

    /** By the clock of its machine. */
    Instant startedAt() {
      return startedAt;
    }

    /** How many items it has finished. */
    long items() {
      return items;
    }
  }

  Executors(ExecutorService threads) {
    this.threads = threads;
  }

  void add(String executor, RpcEndpointRef agent, String host) {
    known.put(executor, new Known(agent, host, new ReportOrder(threads)));
  }

  /** One is gone: gives the workers that have ended with it. */
  List<LiveWorker> lost(String executor) {
    known.remove(executor);
    releases.remove(executor);
    List<LiveWorker> its =
        workers.values().stream().filter(worker -> worker.executor.equals(executor)).toList();
    workers.values().removeAll(its);
    return its;
  }

  @Nullable Known get(String executor) {
    return known.get(executor);
  }

  /** How many workers an executor was told to release: what it is told next comes after them. */
  int releases(String executor) {
    return releases.getOrDefault(executor, 0);
  }

  /** Makes the message that releases a worker, which has the next number. */
  byte[] release(String executor, int worker) {
    int number = releases.merge(executor, 1, Integer::sum);
    return Wire.message(
        ToExecutor.RELEASE,
        out -> {
          out.writeInt(number);
          out.writeInt(worker);
        });
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  List<RpcEndpointRef> agents() {
    return known.values().stream().map(Known::agent).toList();
  }

  /** Those of some executors that are there. */
  List<RpcEndpointRef> agents(Collection<String> executors) {
    return executors.stream()
        .map(known::get)
        .filter(each -> each != null)
        .map(Known::agent)
        .toList();
  }

  void send(String executor, byte[] message) {
    Known to = known.get(executor);
    if (to != null) {
      Rpc.send(to.agent(), message);
    }
  }

  void workerStarted(String executor, PoolEvent.WorkerStart start) {
    workers.put(start.worker().number(), new LiveWorker(executor, start));
  }

  void workerEnded(String executor, PoolEvent.Worker worker) {
    LiveWorker live = workers.get(worker.number());
    if (live != null && live.executor.equals(executor) && live.worker.equals(worker)) {
      workers.remove(worker.number());
    }
  }

  /** A worker has finished items. */
  void finished(PoolEvent.Worker worker, int items) {
    LiveWorker live = workers.get(worker.number());
    if (live != null && live.worker.pid() == worker.pid()) {
      live.items += items;
    }
  }

  /** The process of a worker's number; one without a pid if it is not known. */
  PoolEvent.Worker worker(int number, String executor) {
    LiveWorker live = workers.get(number);
    if (live != null && live.executor.equals(executor)) {
      return live.worker;
    }
    Known of = known.get(executor);
    return new PoolEvent.Worker(number, of == null ? "" : of.host(), 0);
  }

  /** Waits for answers, whatever they are. An interrupt stands afterwards. */
  static void awaitAll(List<Future<byte[]>> answers, long seconds) {
    boolean interrupted = false;
    for (Future<byte[]> answer : answers) {
      try {
        Rpc.await(answer, seconds);
      } catch (IOException e) {
        // it is gone, which is as good
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
