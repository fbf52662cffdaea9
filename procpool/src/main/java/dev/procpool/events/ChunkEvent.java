package dev.procpool.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Items were sent to a worker. */
@Name("procpool.Chunk")
@Label("Chunk")
@Description("Items were sent to a worker together; the item named is the first")
final class ChunkEvent extends ItemEvent {

  @Label("Items")
  int items;

  @Label("Size")
  @DataAmount
  long size;
}
