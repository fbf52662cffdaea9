package dev.procpool.spark;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.rpc.RpcCallContext;
import org.jspecify.annotations.Nullable;

/**
 * A slot of an executor that a task of Spark's holds for the pool. Guarded by the backend's lock.
 */
final class Slot {

  /**
   * An item that it has.
   *
   * @param call its call
   * @param item the item
   */
  record Held(DriverCall<?, ?> call, DriverItem item) {}

  final SlotKey key;

  /** The number of its worker; -1 before it has one. */
  int worker = -1;

  final Set<Held> held = new HashSet<>();

  /** The number of its last question. */
  long asked;

  /** The answer to that; null while it waits for one. */
  byte @Nullable [] answer;

  /** Where the answer goes; null if it was given. */
  @Nullable RpcCallContext waiting;

  long waitingSince;

  Slot(SlotKey key) {
    this.key = key;
  }

  /** Answers its question. */
  void answer(byte[] message) {
    answer = message;
    RpcCallContext to = waiting;
    waiting = null;
    if (to != null) {
      to.reply(message);
    }
  }
}
