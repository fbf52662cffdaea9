package dev.procpool.events;

import dev.procpool.PoolEvent;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** What the events of items have in common. */
@Category("procpool")
@StackTrace(false)
abstract class ItemEvent extends Event {

  @Label("Pool")
  String pool = "";

  @Label("Worker")
  @Description("The worker's number in its pool")
  int worker;

  @Label("Worker Process")
  long pid;

  @Label("Call")
  @Description("The calls of a pool are numbered from 1 as they are made")
  long call;

  @Label("Call's Label")
  String label = "";

  @Label("Item")
  @Description("The item's index in its call")
  long item;

  @Label("Attempt")
  int attempt;

  /** Fills in what is told of every item. */
  final void name(
      String itsPool,
      PoolEvent.Worker itsWorker,
      PoolEvent.Call itsCall,
      long index,
      int attempts) {
    pool = itsPool;
    worker = itsWorker.number();
    pid = itsWorker.pid();
    call = itsCall.number();
    label = itsCall.label().orElse("");
    item = index;
    attempt = attempts;
  }
}
