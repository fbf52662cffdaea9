package dev.procpool.spark.driver;

import dev.procpool.PoolEvent;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import java.io.IOException;
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

  /** The process of each worker that was started and has not ended, by its number. */
  private final Map<Integer, OfExecutor> processes = new HashMap<>();

  /** How many workers each was told to release. */
  private final Map<String, Integer> releases = new HashMap<>();

  private record OfExecutor(String executor, PoolEvent.Worker worker) {}

  Executors(ExecutorService threads) {
    this.threads = threads;
  }

  void add(String executor, RpcEndpointRef agent, String host) {
    known.put(executor, new Known(agent, host, new ReportOrder(threads)));
  }

  void lost(String executor) {
    known.remove(executor);
    releases.remove(executor);
    processes.values().removeIf(process -> process.executor().equals(executor));
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

  void workerStarted(String executor, PoolEvent.Worker worker) {
    processes.put(worker.number(), new OfExecutor(executor, worker));
  }

  void workerEnded(String executor, PoolEvent.Worker worker) {
    processes.remove(worker.number(), new OfExecutor(executor, worker));
  }

  /** The process of a worker's number; one without a pid if it is not known. */
  PoolEvent.Worker worker(int number, String executor) {
    OfExecutor process = processes.get(number);
    if (process != null && process.executor().equals(executor)) {
      return process.worker();
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
