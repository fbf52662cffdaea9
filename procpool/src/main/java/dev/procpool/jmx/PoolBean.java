package dev.procpool.jmx;

import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolMXBean;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.guard.SafeLog;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * A pool's bean. Does not keep the pool reachable, so that one that nobody closes is ended all the
 * same. Thread-safe: one look at the pool serves all attributes for a second, guarded by this.
 */
public final class PoolBean implements PoolMXBean {

  private static final long FRESH_NANOS = 1_000_000_000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** How many pools of the same name have beans. */
  private static final int MOST_OF_A_NAME = 1000;

  private final String name;
  private final WeakReference<Pool> pool;
  private @Nullable PoolStats known;
  private long knownAt;

  private PoolBean(String name, Pool pool) {
    this.name = name;
    this.pool = new WeakReference<>(pool);
  }

  /**
   * Registers a pool.
   *
   * @param name its name
   * @param pool the pool
   * @return takes the registration back; may be run twice
   * @throws IllegalStateException if it can't be registered
   */
  public static Runnable register(String name, Pool pool) {
    PoolBean bean = new PoolBean(name, pool);
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName registered = bean.register(server, name);
      return () -> unregister(server, registered);
    } catch (JMException | LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          "registerMBean: pool '"
              + name
              + "' can't be registered with this JVM's management ("
              + e
              + "). Leave the option out, or add the module java.management to the program.",
          e);
    }
  }

  /** Pools may have the same name: the second and later ones are told apart by a number. */
  private ObjectName register(MBeanServer server, String name) throws JMException {
    String first = "dev.procpool:type=Pool,name=" + ObjectName.quote(name);
    for (int number = 1; ; number++) {
      ObjectName tried = new ObjectName(number == 1 ? first : first + ",number=" + number);
      try {
        server.registerMBean(new DescribedBean(this), tried);
        return tried;
      } catch (InstanceAlreadyExistsException e) {
        if (number == MOST_OF_A_NAME) {
          throw e;
        }
      }
    }
  }

  private static void unregister(MBeanServer server, ObjectName name) {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      return; // somebody has
    } catch (JMException | RuntimeException e) {
      SafeLog.log(System.Logger.Level.WARNING, "the bean " + name + " can't be unregistered", e);
    }
  }

  private synchronized PoolStats stats() {
    PoolStats last = known;
    long now = System.nanoTime();
    Pool there = pool.get();
    if (last == null || (there != null && now - knownAt > FRESH_NANOS)) {
      if (there == null) {
        throw new IllegalStateException("pool '" + name + "' is not there any more");
      }
      last = there.stats();
      known = last;
      knownAt = now;
    }
    return last;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getState() {
    return stats().state().name();
  }

  @Override
  public boolean isBroken() {
    return stats().isBroken();
  }

  @Override
  public int getTargetWorkers() {
    return stats().targetWorkers();
  }

  @Override
  public Worker[] getWorkers() {
    return stats().workers().stream().map(Row::new).toArray(Worker[]::new);
  }

  @Override
  public int getBusyWorkers() {
    return (int)
        stats().workers().stream()
            .filter(worker -> worker.info().state() == WorkerInfo.State.BUSY)
            .count();
  }

  @Override
  public int getCalls() {
    return stats().calls().size();
  }

  @Override
  public long getQueuedItems() {
    return stats().queuedItems();
  }

  @Override
  public long getSucceededItems() {
    return succeeded(stats().totals());
  }

  @Override
  public long getFailedItems() {
    PoolStats.Totals totals = stats().totals();
    return totals.ended() - succeeded(totals);
  }

  private static long succeeded(PoolStats.Totals totals) {
    return totals.items().getOrDefault(OutcomeKind.SUCCESS, 0L);
  }

  @Override
  public long getRetries() {
    return stats().totals().retries();
  }

  @Override
  public long getWorkerStarts() {
    return stats().totals().workerStarts();
  }

  @Override
  public long getWorkerLosses() {
    return stats().totals().workerLosses();
  }

  @Override
  public long getSentBytes() {
    return stats().totals().sentBytes();
  }

  @Override
  public long getReceivedBytes() {
    return stats().totals().receivedBytes();
  }

  @Override
  public double getRunMillisMedian() {
    return stats().totals().runTimes().p50Nanos() / NANOS_PER_MILLI;
  }

  @Override
  public double getRunMillis99() {
    return stats().totals().runTimes().p99Nanos() / NANOS_PER_MILLI;
  }

  @Override
  public double getRunMillisMax() {
    return stats().totals().runTimes().maxNanos() / NANOS_PER_MILLI;
  }

  @Override
  public String[] getAdvice() {
    return stats().advice().toArray(new String[0]);
  }

  @Override
  public String report() {
    return stats().report();
  }

  /** A worker as a row. Immutable. */
  private static final class Row implements Worker {

    private final PoolStats.Worker worker;

    Row(PoolStats.Worker worker) {
      this.worker = worker;
    }

    @Override
    public int getNumber() {
      return worker.info().number();
    }

    @Override
    public String getHost() {
      return worker.info().host();
    }

    @Override
    public long getPid() {
      return worker.info().pid();
    }

    @Override
    public String getState() {
      return worker.info().state().name();
    }

    @Override
    public long getItemsDone() {
      return worker.info().tasksDone();
    }

    @Override
    public long getMemoryBytes() {
      return worker.info().memoryBytes().orElse(-1);
    }

    @Override
    public String getItem() {
      return worker
          .item()
          .map(
              item ->
                  item.call().label().orElse("call " + item.call().number())
                      + "["
                      + item.index()
                      + "]")
          .orElse("");
    }

    @Override
    public double getItemSeconds() {
      return worker
          .item()
          .map(item -> TimeUnit.MILLISECONDS.convert(item.running()) / MILLIS_PER_SECOND)
          .orElse(0.0);
    }
  }
}
