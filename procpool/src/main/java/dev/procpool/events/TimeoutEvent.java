package dev.procpool.events;

import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** An item was stopped because it ran too long. */
@Name("procpool.Timeout")
@Label("Time Limit Exceeded")
final class TimeoutEvent extends ItemEvent {

  @Label("Limit")
  @Timespan(Timespan.NANOSECONDS)
  long limit;

  @Label("Ran")
  @Timespan(Timespan.NANOSECONDS)
  long ran;
}
