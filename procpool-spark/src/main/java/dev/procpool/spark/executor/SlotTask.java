package dev.procpool.spark.executor;

import dev.procpool.spark.slots.SlotKey;
import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * The task that Spark runs: holds its slot as long as the pool has work for it. Spark may start it
 * again behind the pool's back, for a lost executor or by speculation: it asks for items then, and
 * none is given out twice. Immutable.
 */
public final class SlotTask implements VoidFunction<Iterator<Integer>> {

  private static final long serialVersionUID = 1;

  private final String endpoint;
  private final String host;
  private final int port;
  private final long job;

  /**
   * Makes one.
   *
   * @param endpoint the name of the pool's endpoint in the driver
   * @param host where the driver is
   * @param port where the driver is
   * @param job the number of the job, of the pool's own
   */
  public SlotTask(String endpoint, String host, int port, long job) {
    this.endpoint = endpoint;
    this.host = host;
    this.port = port;
    this.job = job;
  }

  @Override
  public void call(Iterator<Integer> partition) throws Exception {
    TaskContext context = TaskContext.get();
    SlotKey key =
        new SlotKey(
            job, context.partitionId(), context.taskAttemptId(), SparkEnv.get().executorId());
    Agent agent = Agent.of(endpoint, host, port);
    if (agent != null) { // else the pool has ended
      agent.work(key);
    }
  }
}
