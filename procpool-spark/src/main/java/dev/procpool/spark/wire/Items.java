package dev.procpool.spark.wire;

import dev.procpool.RunningItem;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import java.util.function.UnaryOperator;

/** What workers print and log, with their items as another side knows them. Without state. */
public final class Items {

  private Items() {}

  /** A line whose item is named otherwise. */
  public static WorkerOutput.Line of(WorkerOutput.Line line, UnaryOperator<RunningItem> naming) {
    return new WorkerOutput.Line(
        line.workerNumber(), line.pid(), line.isError(), line.text(), line.item().map(naming));
  }

  /** A record whose item is named otherwise. */
  public static WorkerLog of(WorkerLog log, UnaryOperator<RunningItem> naming) {
    return new WorkerLog(
        log.workerNumber(),
        log.pid(),
        log.time(),
        log.level(),
        log.logger(),
        log.message(),
        log.thrown(),
        log.item().map(naming),
        log.thread(),
        log.mdc(),
        log.markers(),
        log.keyValues());
  }
}
