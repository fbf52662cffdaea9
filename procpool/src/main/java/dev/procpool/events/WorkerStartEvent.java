package dev.procpool.events;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A worker is ready for its first item. */
@Name("procpool.WorkerStart")
@Label("Worker Start")
@Category("procpool")
@StackTrace(false)
final class WorkerStartEvent extends Event {

  @Label("Pool")
  String pool = "";

  @Label("Worker")
  int worker;

  @Label("Worker Process")
  long pid;

  @Label("Took")
  @Timespan(Timespan.NANOSECONDS)
  long took;
}
