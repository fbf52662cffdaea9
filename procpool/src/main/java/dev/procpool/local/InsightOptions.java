package dev.procpool.local;

import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.call.CallPool;
import dev.procpool.jmx.PoolBean;
import dev.procpool.local.launch.DebugPort;
import dev.procpool.local.output.CallLabels;
import dev.procpool.local.settings.Insight;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.LogTarget;
import dev.procpool.observe.Observation;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of what is seen of workers: what they print and log, and a debugger's way in. Each method
 * changes and returns the builder. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class InsightOptions<B extends InsightOptions<B>> extends LifeOptions<B> {

  private WorkerOutput output = WorkerOutput.passThrough();
  private boolean forwardLogs;
  private @Nullable Consumer<? super WorkerLog> logs;
  private int debugPort;
  private boolean registersMBean;

  InsightOptions() {}

  /**
   * Sets where the lines go that workers print. Default: {@link WorkerOutput#passThrough()}.
   *
   * @param consumer takes the lines
   * @return this
   */
  public B output(WorkerOutput consumer) {
    output = Objects.requireNonNull(consumer, "consumer");
    return self();
  }

  /**
   * Has what workers log with {@code java.util.logging}, or with {@link System.Logger} where that
   * ends in {@code java.util.logging}, go to this process's own loggers: each record to the {@link
   * System.Logger} of its name, its message after the words {@code worker 3:}. See {@link
   * #forwardLogs(Consumer)} for what is forwarded. Default: workers log as they are configured, as
   * a rule to standard error.
   *
   * <p>What workers log with SLF4J and Log4j goes to the loggers of this process without this, once
   * the module {@code procpool-slf4j} is there.
   *
   * @return this
   */
  public B forwardLogs() {
    forwardLogs = true;
    logs = null;
    return self();
  }

  /**
   * Has a consumer take what workers log with {@code java.util.logging}, or with {@link
   * System.Logger} where that ends in {@code java.util.logging}, which is the JDK's default. The
   * records are taken from the worker's root logger, in the place of its console handlers, after
   * the levels configured in the worker. With the module {@code procpool-slf4j} it also takes what
   * workers log with SLF4J and Log4j, after the levels of this process's loggers. Default: they are
   * not taken.
   *
   * <p>Records come in the order in which a worker logged them, on a thread that carries nothing
   * else. A record has left the worker when the call that logs it returns, so that the last before
   * a crash arrive too. A slow consumer makes a task wait that has logged 256 records more than
   * were taken, and nothing else: no record is dropped, except by a task that is interrupted
   * meanwhile. What the consumer throws is logged once and harms nothing.
   *
   * @param consumer takes the records
   * @return this
   */
  public B forwardLogs(Consumer<? super WorkerLog> consumer) {
    logs = Objects.requireNonNull(consumer, "consumer");
    forwardLogs = true;
    return self();
  }

  /**
   * Lets a debugger attach to the workers: worker 0 listens at this port, worker 1 at the next, and
   * so on, for connections from this machine alone. Workers do not wait for it. Where to attach is
   * logged when a worker starts. Default: no port.
   *
   * <p>While this is set, time limits of items and {@link ProcessPool.Builder#freezeLimit} are off,
   * since they would kill a worker that stands at a breakpoint. {@code cancel(true)} and {@code
   * terminate()} still do. A worker that is replaced is gone before its successor starts, so that
   * the port is free.
   *
   * <p>Whoever may connect to the port can run code as this user: not for production.
   *
   * @param port from 1 to 65535, less the number of workers
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public B debugWorkers(int port) {
    if (port < 1 || port > DebugPort.HIGHEST) {
      throw new IllegalArgumentException(
          "debugWorkers must be a port from 1 to " + DebugPort.HIGHEST + ", was " + port);
    }
    debugPort = port;
    return self();
  }

  /**
   * Registers the pool with this JVM's management, for JConsole and its like, as {@code
   * dev.procpool:type=Pool,name="NAME"}, with a number if there is one of that name: see {@link
   * dev.procpool.PoolMXBean}. It is gone when the pool has ended. Needs the module {@code
   * java.management}. Default: false.
   *
   * @param is whether to
   * @return this
   * @since 0.2.0
   */
  public B registerMBean(boolean is) {
    registersMBean = is;
    return self();
  }

  /** Registers the pool if it is to be. */
  CallPool registered(CallPool pool, String name, Observation observation) {
    if (registersMBean) {
      try {
        observation.whenEnded(PoolBean.register(name, pool));
      } catch (IllegalStateException e) {
        pool.terminate();
        throw e;
      }
    }
    return pool;
  }

  @Override
  void check(int workers) {
    super.check(workers);
    if (debugPort + workers - 1 > DebugPort.HIGHEST) {
      throw new IllegalArgumentException(
          "debugWorkers("
              + debugPort
              + ") leaves no port for the last of "
              + workers
              + " workers; choose a lower one");
    }
  }

  WorkerOutput output() {
    return output;
  }

  /** What is shown of workers beside what they print. */
  Insight insight(Observation observation) {
    return new Insight(
        new LogTarget(forwardLogs, logs, LogBridges.ofThisProcess()),
        debugPort,
        new CallLabels(),
        observation);
  }
}
