package dev.procpool.events;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** An item has finished. */
@Name("procpool.Task")
@Label("Task")
@Description("An item has finished in a worker; the event's own time is that of the news")
final class TaskEvent extends ItemEvent {

  @Label("Outcome")
  String outcome = "";

  @Label("Ran")
  @Timespan(Timespan.NANOSECONDS)
  long ran;
}
