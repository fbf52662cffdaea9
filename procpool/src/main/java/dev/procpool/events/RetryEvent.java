package dev.procpool.events;

import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** An item will be tried again. */
@Name("procpool.Retry")
@Label("Retry")
final class RetryEvent extends ItemEvent {

  @Label("Why")
  String why = "";

  @Label("Delay")
  @Timespan(Timespan.NANOSECONDS)
  long delay;
}
