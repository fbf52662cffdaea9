package dev.procpool.scheduler;

/** Asks workers for what they hold and have not started, for those that would wait for it. */
final class Stealing {

  /** A worker that has made no progress for so long is not about to get to what else it holds. */
  static final long STEAL_AFTER_NANOS = 1_000_000;

  private final Workers workers;
  private final Calls calls;
  private final Actions actions;

  Stealing(Workers workers, Calls calls, Actions actions) {
    this.workers = workers;
    this.calls = calls;
    this.actions = actions;
  }

  /** Steals if somebody is idle, or a call has waited for too long. */
  void tick(long now) {
    if (workers.warmestIdle() != null) {
      steal(now, STEAL_AFTER_NANOS);
    } else if (calls.isAnyStarving(now)) {
      steal(now, 0);
    } else if (calls.arePrioritized()) {
      CallQueue urgent = calls.heldUp(now);
      if (urgent != null) {
        recallBelow(urgent.priority());
      }
    }
  }

  /** Asks workers for all they hold of calls of lower priority. */
  private void recallBelow(int priority) {
    for (WorkerSlot worker : workers.all()) {
      if (worker.hasSpare()) {
        for (SentChunk chunk : worker.chunks()) {
          if (chunk.queue().priority() < priority) {
            recall(worker, chunk);
          }
        }
      }
    }
  }

  /** Whether {@link #tick} may have something to do when time has passed. */
  boolean mayBeNeeded() {
    if (workers.warmestIdle() != null || calls.isAnyWaiting() || calls.arePrioritized()) {
      for (WorkerSlot worker : workers.all()) {
        if (worker.hasSpare()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Asks the most laden worker for all it has, if it is not getting on with it. */
  private void steal(long now, long stuckFor) {
    WorkerSlot victim = null;
    long most = 0;
    for (WorkerSlot worker : workers.all()) {
      if (!worker.hasSpare()) {
        continue;
      }
      long expected = worker.expectedNanos();
      boolean slow = !worker.hasProgressedSince(now - stuckFor) || expected >= STEAL_AFTER_NANOS;
      if (slow && expected > most) {
        victim = worker;
        most = expected;
      }
    }
    if (victim != null) {
      recallAll(victim);
    }
  }

  /** Asks a worker for all it holds. */
  void recallAll(WorkerSlot worker) {
    worker.chunks().forEach(chunk -> recall(worker, chunk));
  }

  /** Asks workers for all they hold of a call. */
  void recallAll(CallQueue call, boolean interruptRunning) {
    for (WorkerSlot worker : workers.all()) {
      for (SentChunk chunk : worker.chunks()) {
        if (chunk.queue() == call) {
          recall(worker, chunk);
          if (interruptRunning) {
            actions.interrupt(worker.id, chunk);
          }
        }
      }
    }
  }

  private void recall(WorkerSlot worker, SentChunk chunk) {
    if (worker.ask(chunk)) {
      actions.recall(worker.id, chunk);
    }
  }
}
