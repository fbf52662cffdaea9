package dev.procpool.spark;

import dev.procpool.Outcome;
import dev.procpool.PoolStats;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.Backend;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.RemoteClasses;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;

/**
 * What an executor has of a pool: worker processes, and the connection to the driver. Tasks of
 * Spark's come and go; this stays until the driver ends it, or the executor ends.
 *
 * <p>Thread-safe: the monitor guards workers and calls; who waits for the driver does not hold it.
 */
final class Agent {

  /** How long to wait for the driver, which answers at once: longer than it may collect garbage. */
  private static final long ANSWER_SECONDS = 100;

  /** How long outcomes may wait for others to travel with. */
  private static final long FLUSH_MILLIS = 20;

  private static final Map<String, Agent> ALL = new ConcurrentHashMap<>();

  private final String pool;
  private final String executor = SparkEnv.get().executorId();
  private final RpcEndpointRef driver;
  private final RpcEndpointRef self;
  private final ExecutorService threads;
  private final ExecutorSettings settings;

  // ---- guarded by the monitor

  private final Map<Integer, Backend> workers = new HashMap<>();
  private final Map<Integer, Map<Long, RemoteCall>> calls = new HashMap<>();
  private final Map<Long, RemoteClasses> loaders = new HashMap<>();

  /** Calls that the driver has cancelled and not forgotten: none of them begins here. */
  private final Set<Long> cancelled = new HashSet<>();

  private boolean isEnded;

  /** Outcomes that were not sent, each in its written form; guarded by itself. */
  private final List<byte[]> unsent = new ArrayList<>();

  private Agent(String endpoint, String host, int port) throws IOException, InterruptedException {
    this.pool = endpoint;
    this.driver = Rpc.find(host, port, endpoint);
    this.self = Rpc.open(endpoint + "-" + executor, this::receive);
    this.threads = Executors.newCachedThreadPool(SparkBackend.daemons(endpoint + "-agent"));
    byte[] hello = Wire.message(Wire.HELLO, out -> out.writeUTF(executor));
    DataInputStream in = Wire.read(ask(hello, self));
    this.settings = ExecutorSettings.read(in);
  }

  /** The one of a pool: made by the first task that asks. */
  static Agent of(String endpoint, String host, int port) throws IOException, InterruptedException {
    Agent known = ALL.get(endpoint);
    if (known != null) {
      return known;
    }
    synchronized (ALL) {
      known = ALL.get(endpoint);
      if (known == null) {
        known = new Agent(endpoint, host, port);
        ALL.put(endpoint, known);
      }
      return known;
    }
  }

  private byte[] ask(byte[] question, @Nullable RpcEndpointRef from)
      throws IOException, InterruptedException {
    return Rpc.await(Rpc.ask(driver, question, from, ANSWER_SECONDS), ANSWER_SECONDS);
  }

  // ---------------------------------------------------------------- slots

  /** Works as long as the driver has something for the slot. */
  void work(SlotKey slot) throws IOException, InterruptedException {
    boolean interrupted = false;
    for (long number = 1; ; number++) {
      DataInputStream answer;
      try {
        answer = Wire.read(next(slot, number));
      } catch (InterruptedException e) {
        interrupted = true; // what the slot was given meanwhile is not to be lost
        number--;
        continue;
      }
      byte what = answer.readByte();
      if (what == Wire.CHUNK) {
        interrupted |= run(Chunk.read(answer));
      } else if (what == Wire.START) {
        worker(answer.readInt()).prestart();
      } else {
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for work; again with the same number if there was no answer, which gives the same. */
  private byte[] next(SlotKey slot, long number) throws IOException, InterruptedException {
    List<byte[]> outcomes = takeUnsent();
    byte[] question =
        Wire.message(
            Wire.NEXT,
            out -> {
              slot.write(out);
              out.writeLong(number);
              writeAll(outcomes, out);
            });
    try {
      return ask(question, null);
    } catch (IOException | InterruptedException e) {
      putBack(outcomes);
      throw e;
    }
  }

  /** Has a worker run items: tells whether this thread was interrupted meanwhile. */
  private boolean run(Chunk chunk) throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        RemoteCall call = call(chunk.worker(), chunk.call());
        if (call == null) { // it has ended, or was cancelled before it began here
          for (Chunk.Item each : chunk.items()) {
            ended(chunk.call(), RemoteCall.cancelled(each.item()), ItemRun.UNKNOWN);
          }
          return interrupted;
        }
        call.add(chunk);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    while (true) {
      try {
        if (chunk.await(FLUSH_MILLIS)) {
          return interrupted;
        }
        flush();
      } catch (InterruptedException e) { // who stops a call tells its worker so
        interrupted = true;
      }
    }
  }

  private synchronized Backend worker(int number) {
    Backend known = workers.get(number);
    if (known == null || known.isBroken()) {
      if (isEnded) {
        throw new IllegalStateException("pool " + pool + " has ended");
      }
      calls.remove(number);
      ProcessPool.Builder builder = ProcessPool.builder().workers(1).name(pool + "-" + number);
      settings.apply(builder);
      builder.observer(new EventSender(event -> Rpc.send(driver, event)));
      known = builder.buildBackend(number);
      workers.put(number, known);
    }
    return known;
  }

  private @Nullable RemoteCall call(int worker, long number)
      throws IOException, InterruptedException {
    synchronized (this) {
      if (cancelled.contains(number)) {
        return null;
      }
      Backend backend = worker(worker);
      RemoteCall known = calls.computeIfAbsent(worker, w -> new HashMap<>()).get(number);
      if (known != null && !known.isOver() && !backend.isBroken()) {
        return known;
      }
    }
    byte[] answer = ask(Wire.message(Wire.TASK, out -> out.writeLong(number)), null);
    if (answer.length == 0) {
      return null;
    }
    DataInputStream in = Wire.read(answer);
    CallLimits limits = CallLimits.read(in);
    byte[] task = in.readAllBytes();
    synchronized (this) {
      if (cancelled.contains(number)) {
        return null;
      }
      RemoteCall made = new RemoteCall(number, EncodedTask.read(task, this::loader), limits, this);
      worker(worker).submit(made);
      calls.computeIfAbsent(worker, w -> new HashMap<>()).put(number, made);
      return made;
    }
  }

  private RemoteClasses loader(long number) {
    return loaders.computeIfAbsent(number, n -> new RemoteClasses(n, this::askForClass));
  }

  private byte[] askForClass(byte[] question) {
    try {
      return ask(
          Wire.message(
              Wire.CLASS,
              out -> {
                out.writeUTF(executor);
                out.write(question);
              }),
          null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the driver was asked for a class", e);
    }
  }

  // ---------------------------------------------------------------- outcomes

  /** An item has its outcome. */
  void ended(long call, Outcome<byte[]> outcome, ItemRun run) {
    byte[] written =
        Wire.answer(
            out -> {
              out.writeLong(call);
              EncodedOutcome.write(outcome, run, out);
            });
    synchronized (unsent) {
      unsent.add(written);
    }
  }

  private List<byte[]> takeUnsent() {
    synchronized (unsent) {
      List<byte[]> all = List.copyOf(unsent);
      unsent.clear();
      return all;
    }
  }

  private void putBack(List<byte[]> outcomes) {
    synchronized (unsent) {
      unsent.addAll(0, outcomes);
    }
  }

  private static void writeAll(List<byte[]> outcomes, DataOutputStream out) throws IOException {
    out.writeInt(outcomes.size());
    for (byte[] outcome : outcomes) {
      out.write(outcome);
    }
  }

  /** Sends what there is, and waits until the driver has it. */
  private void flush() throws IOException, InterruptedException {
    List<byte[]> outcomes = takeUnsent();
    if (!outcomes.isEmpty()) {
      try {
        ask(Wire.message(Wire.OUTCOMES, out -> writeAll(outcomes, out)), null);
      } catch (IOException | InterruptedException e) {
        putBack(outcomes);
        throw e;
      }
    }
  }

  // ---------------------------------------------------------------- what the driver says

  private void receive(
      byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply) {
    threads.execute(
        () -> {
          try {
            byte[] answer = handle(Wire.read(message));
            if (reply != null) {
              reply.reply(answer);
            }
          } catch (Throwable e) { // the driver is to know
            if (reply != null) {
              reply.sendFailure(e);
            }
          }
        });
  }

  private byte[] handle(DataInputStream in) throws IOException, InterruptedException {
    byte what = in.readByte();
    switch (what) {
      case Wire.CANCEL -> cancel(in.readLong(), in.readBoolean());
      case Wire.FORGET -> forget(in.readLong());
      case Wire.RELEASE -> release(in.readInt());
      case Wire.WORKERS -> {
        List<PoolStats.Worker> all = infos();
        return Wire.answer(out -> WorkerInfos.write(all, out));
      }
      case Wire.THREADS -> {
        String text = threadDump(in.readInt());
        return Wire.answer(out -> out.writeUTF(text.substring(0, Math.min(20_000, text.length()))));
      }
      case Wire.END -> end(in.readBoolean());
      default -> throw new IOException("unknown message " + what);
    }
    return Wire.NOTHING;
  }

  private void cancel(long number, boolean interruptRunning) {
    Map<RemoteCall, Backend> found = new HashMap<>();
    synchronized (this) {
      cancelled.add(number);
      calls.forEach(
          (worker, ofWorker) -> {
            RemoteCall call = ofWorker.get(number);
            Backend backend = workers.get(worker);
            if (call != null && backend != null) {
              found.put(call, backend);
            }
          });
    }
    found.forEach(
        (call, backend) -> {
          backend.cancel(call, interruptRunning);
          call.cancelled();
        });
  }

  private synchronized void forget(long number) {
    cancelled.remove(number);
    for (Map<Long, RemoteCall> ofWorker : calls.values()) {
      RemoteCall call = ofWorker.remove(number);
      if (call != null) {
        call.end();
      }
    }
  }

  private void release(int number) throws InterruptedException {
    Backend backend;
    synchronized (this) {
      backend = workers.remove(number);
      calls.remove(number);
    }
    if (backend != null) {
      backend.terminate();
      backend.awaitTermination(Duration.ofSeconds(30));
    }
  }

  private List<PoolStats.Worker> infos() {
    List<Backend> all;
    synchronized (this) {
      all = List.copyOf(workers.values());
    }
    return all.stream().flatMap(backend -> backend.stats().workers().stream()).toList();
  }

  private String threadDump(int number) throws InterruptedException {
    for (PoolStats.Worker worker : infos()) {
      if (worker.info().number() == number) {
        return worker.info().threadDump();
      }
    }
    return "worker " + number + " is gone";
  }

  private void end(boolean atOnce) throws InterruptedException {
    List<Backend> all;
    synchronized (this) {
      isEnded = true;
      all = List.copyOf(workers.values());
      calls.values().forEach(ofWorker -> ofWorker.values().forEach(RemoteCall::end));
    }
    for (Backend backend : all) {
      if (atOnce) {
        backend.terminate();
      } else {
        backend.shutdown();
      }
    }
    for (Backend backend : all) {
      backend.awaitTermination(Duration.ofMinutes(1));
    }
    ALL.remove(pool, this);
    Rpc.close(self);
    threads.shutdown();
  }
}
