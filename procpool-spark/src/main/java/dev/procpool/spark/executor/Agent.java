package dev.procpool.spark.executor;

import dev.procpool.PoolStats;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Daemons;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spark.wire.WorkerInfos;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;

/**
 * What an executor has of a pool: worker processes, and the connection to the driver. Tasks of
 * Spark's come and go; this stays until the driver ends it, or the executor ends. Thread-safe.
 */
final class Agent {

  /** How long to wait for the driver, which answers at once: longer than it may collect garbage. */
  private static final long ANSWER_SECONDS = 100;

  private static final long FLUSH_SECONDS = 30;
  private static final int MOST_TEXT = 20_000;

  private static final Map<String, Agent> ALL = new ConcurrentHashMap<>();

  /** The pools whose one has ended and is still to be closed. */
  private static final Set<String> ENDING = ConcurrentHashMap.newKeySet();

  private final String pool;
  private final String executor = SparkEnv.get().executorId();
  private final RpcEndpointRef driver;
  private final RpcEndpointRef self;
  private final ExecutorService threads;
  private final Reports reports;
  private final Workers workers;
  private final Map<SlotKey, SlotWork> slots = new ConcurrentHashMap<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile boolean isEnded;

  private Agent(String endpoint, RpcEndpointRef driver) throws IOException, InterruptedException {
    WorkerHeap.apply(SparkEnv.get().conf());
    this.pool = endpoint;
    this.driver = driver;
    this.threads = Executors.newCachedThreadPool(Daemons.named(endpoint + "-agent"));
    this.self = Rpc.open(endpoint + "-" + executor, this::receive);
    try {
      byte[] hello = Wire.message(ToDriver.HELLO, out -> out.writeUTF(executor));
      ExecutorSettings settings = Events.read(ExecutorSettings.class, Wire.read(ask(hello, self)));
      this.reports = new Reports(endpoint, executor, this::ask);
      this.workers = new Workers(this, settings, reports);
      ready.countDown();
    } catch (IOException | InterruptedException | RuntimeException e) {
      Rpc.close(self);
      threads.shutdown();
      throw e;
    }
  }

  /**
   * The one of a pool: made by the first task that asks. Null if the pool has ended: Spark may
   * start a task again that it has lost, and does not know that nobody waits for it.
   */
  static @Nullable Agent of(String endpoint, String host, int port)
      throws IOException, InterruptedException {
    Agent known = ALL.get(endpoint);
    if (known != null) {
      return known;
    }
    synchronized (ALL) {
      known = ALL.get(endpoint);
      if (known == null) {
        RpcEndpointRef driver = ENDING.contains(endpoint) ? null : Rpc.find(host, port, endpoint);
        if (driver == null) {
          return null;
        }
        known = new Agent(endpoint, driver);
        ALL.put(endpoint, known);
        if (known.isEnded) {
          ALL.remove(endpoint, known);
        }
      }
      return known;
    }
  }

  String executor() {
    return executor;
  }

  Reports reports() {
    return reports;
  }

  Workers workers() {
    return workers;
  }

  /** Asks the driver, and waits for the answer. */
  byte[] ask(byte[] question) throws IOException, InterruptedException {
    return ask(question, null);
  }

  private byte[] ask(byte[] question, @Nullable RpcEndpointRef from)
      throws IOException, InterruptedException {
    return Rpc.await(Rpc.ask(driver, question, from, ANSWER_SECONDS), ANSWER_SECONDS);
  }

  /** Works for a slot as long as the driver has something for it. */
  void work(SlotKey key) throws IOException {
    SlotWork work = new SlotWork(key, this);
    slots.put(key, work);
    try {
      work.run();
    } finally {
      slots.remove(key);
    }
  }

  // ---------------------------------------------------------------- what the driver says

  private void receive(
      byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply) {
    threads.execute(
        () -> {
          try {
            ready.await(); // it may have been made this moment
            byte[] answer = handle(Wire.read(message));
            if (reply != null) {
              reply.reply(answer);
            }
          } catch (Throwable e) { // the driver is to know
            if (reply != null) {
              Rpc.fail(reply, e);
            }
          }
        });
  }

  private byte[] handle(DataInputStream in) throws IOException, InterruptedException {
    ToExecutor what = Wire.read(ToExecutor.all(), in);
    switch (what) {
      case ASK_BACK -> {
        SlotWork slot = slots.get(Wire.readSlot(in));
        if (slot != null) {
          workers.handBack(slot, in.readInt());
        }
      }
      case CANCEL -> workers.cancel(in.readLong(), in.readBoolean());
      case DROP_SHARED -> workers.dropShared(in.readUTF());
      case FORGET -> workers.forget(in.readLong());
      case RELEASE -> workers.release(in.readInt(), in.readInt());
      case WORKERS -> {
        List<PoolStats.Worker> all = workers.infos();
        return Wire.answer(out -> WorkerInfos.write(all, out));
      }
      case THREADS -> {
        String text = workers.threadDump(in.readInt());
        String most = text.substring(0, Math.min(MOST_TEXT, text.length()));
        return Wire.answer(out -> out.writeUTF(most));
      }
      case END -> end(in.readBoolean());
      default -> throw new IOException("not for an executor's agent: " + what);
    }
    return Wire.NOTHING;
  }

  private void end(boolean atOnce) throws InterruptedException {
    isEnded = true;
    ENDING.add(pool);
    ALL.remove(pool, this);
    try {
      workers.end(atOnce);
      reports.flush(FLUSH_SECONDS); // how the last workers ended
    } finally {
      reports.close();
      Rpc.close(self);
      ENDING.remove(pool);
      threads.shutdown();
    }
  }
}
