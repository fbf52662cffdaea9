package dev.procpool.events;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A worker's process has ended. */
@Name("procpool.WorkerEnd")
@Label("Worker End")
@Category("procpool")
@StackTrace(false)
final class WorkerEndEvent extends Event {

  @Label("Pool")
  String pool = "";

  @Label("Worker")
  int worker;

  @Label("Worker Process")
  long pid;

  @Label("How")
  String how = "";

  @Label("Items Finished")
  long items;

  @Label("Lived")
  @Timespan(Timespan.NANOSECONDS)
  long lived;
}
