package dev.procpool.spark.driver;

import dev.procpool.spark.slots.Slot;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotOrders;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.rpc.RpcCallContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells slots what the scheduler has decided. A slot's question has a number; if its answer was
 * lost it is asked again and has the same answer. Guarded by the backend's lock.
 */
final class SlotMessages implements SlotOrders<DriverItem> {

  /** A slot's last question. */
  private static final class Question {

    long number;

    /** Null while it waits for one. */
    byte @Nullable [] answer;

    /** Where the answer goes; null if it was given. */
    @Nullable RpcCallContext reply;
  }

  private final Executors executors;
  private final SlotJobs jobs;
  private final Map<SlotKey, Question> questions = new HashMap<>();

  SlotMessages(Executors executors, SlotJobs jobs) {
    this.executors = executors;
    this.jobs = jobs;
  }

  /**
   * Takes a question.
   *
   * @return whether it is a new one; else it has its answer, or waits for it still
   */
  boolean asked(SlotKey key, long number, RpcCallContext reply) {
    Question question = questions.computeIfAbsent(key, k -> new Question());
    byte[] answer = question.answer;
    if (number < question.number) {
      return false; // it has come late, and a later one is there
    }
    if (number == question.number) {
      if (answer == null) {
        question.reply = reply; // who asked before has given up
      } else {
        reply.reply(answer);
      }
      return false;
    }
    question.number = number;
    question.answer = null;
    question.reply = reply;
    return true;
  }

  /** A slot is gone. If its executor is, Spark starts its task again elsewhere. */
  void lost(SlotKey key) {
    answer(key, Wire.message(ToExecutor.LEAVE)); // if somebody is there to read it
    questions.remove(key);
  }

  private void answer(SlotKey key, byte[] message) {
    Question question = questions.get(key);
    if (question != null) {
      question.answer = message;
      RpcCallContext to = question.reply;
      question.reply = null;
      if (to != null) {
        to.reply(message);
      }
    }
  }

  @Override
  public void give(Slot<DriverItem> slot, List<SlotItem<DriverItem>> items, int askAt) {
    List<DriverItem> given = items.stream().map(SlotItem::payload).toList();
    DriverCall<?, ?> call = given.get(0).call();
    call.gave(given, slot.key().executor());
    Chunk chunk =
        new Chunk(
            slot.worker(), call.number(), askAt, given.stream().map(DriverItem::message).toList());
    int releases = executors.releases(slot.key().executor());
    answer(
        slot.key(),
        Wire.message(
            ToExecutor.CHUNK,
            out -> {
              out.writeInt(releases);
              chunk.write(out);
            }));
  }

  @Override
  public void start(Slot<DriverItem> slot) {
    int releases = executors.releases(slot.key().executor());
    answer(
        slot.key(),
        Wire.message(
            ToExecutor.START,
            out -> {
              out.writeInt(releases);
              out.writeInt(slot.worker());
            }));
  }

  @Override
  public void leave(Slot<DriverItem> slot) {
    leave(slot.key());
  }

  /** Sends a slot away. */
  void leave(SlotKey key) {
    answer(key, Wire.message(ToExecutor.LEAVE));
    questions.remove(key);
    jobs.left(key);
  }

  @Override
  public void askBack(Slot<DriverItem> slot, int most) {
    executors.send(
        slot.key().executor(),
        Wire.message(
            ToExecutor.ASK_BACK,
            out -> {
              Wire.write(slot.key(), out);
              out.writeInt(most);
            }));
  }

  @Override
  public void release(String executor, int worker) {
    executors.send(executor, executors.release(executor, worker));
  }

  @Override
  public void want(int slots) {
    jobs.want(slots);
  }
}
