package dev.procpool.scheduler;

/** Reports of single items, as an owner makes them of several at a time. */
final class Reports {

  private Reports() {}

  static Item itemDone(Scheduler scheduler, long worker, long chunkId, int offset, long nanos) {
    SentChunk chunk = scheduler.workers().reporting(worker, chunkId, offset);
    if (chunk == null || !scheduler.itemsDone(worker, chunk, 1, nanos)) {
      throw new IllegalStateException(
          "worker " + worker + " is not at item " + offset + " of chunk " + chunkId);
    }
    return chunk.item(offset);
  }
}
