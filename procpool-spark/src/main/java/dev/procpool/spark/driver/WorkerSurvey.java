package dev.procpool.spark.driver;

import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spark.wire.WorkerInfos;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.rpc.RpcEndpointRef;
import scala.concurrent.Future;

/**
 * Asks all executors what workers they have, and what those do. Thread-safe.
 *
 * @param lock guards the others
 * @param executors whom to ask
 * @param calls names the calls
 */
record WorkerSurvey(ReentrantLock lock, Executors executors, DriverCalls calls) {

  private static final long ASK_SECONDS = 5;

  /** Asks; an interrupt stands afterwards. Those that don't answer are left out. */
  List<PoolStats.Worker> ask() {
    boolean interrupted = Thread.interrupted();
    Map<RpcEndpointRef, Future<byte[]>> asked = new LinkedHashMap<>();
    lock.lock();
    try {
      byte[] question = Wire.message(ToExecutor.WORKERS);
      for (RpcEndpointRef agent : executors.agents()) {
        asked.put(agent, Rpc.ask(agent, question, null, ASK_SECONDS));
      }
    } finally {
      lock.unlock();
    }
    List<PoolStats.Worker> all = new ArrayList<>();
    for (Map.Entry<RpcEndpointRef, Future<byte[]>> each : asked.entrySet()) {
      try {
        byte[] answer = Rpc.await(each.getValue(), ASK_SECONDS);
        all.addAll(
            WorkerInfos.read(
                Wire.read(answer), number -> () -> dump(each.getKey(), number), this::named));
      } catch (IOException e) {
        // it is gone, or about to
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    all.sort(Comparator.comparingInt(worker -> worker.info().number()));
    return all;
  }

  private PoolEvent.Call named(long number) {
    lock.lock();
    try {
      return calls.named(number);
    } finally {
      lock.unlock();
    }
  }

  private static String dump(RpcEndpointRef agent, int number) throws InterruptedException {
    byte[] question = Wire.message(ToExecutor.THREADS, out -> out.writeInt(number));
    try {
      DataInputStream in =
          Wire.read(Rpc.await(Rpc.ask(agent, question, null, ASK_SECONDS), ASK_SECONDS));
      return in.readUTF();
    } catch (IOException e) {
      throw new IllegalStateException("the executor of worker " + number + " does not answer", e);
    }
  }
}
