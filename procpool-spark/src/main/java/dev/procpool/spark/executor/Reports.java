package dev.procpool.spark.executor;

import dev.procpool.Outcome;
import dev.procpool.RunningItem;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Daemons;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.Items;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.ItemRun;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an executor has to tell the driver, in the order in which it happened: outcomes, items that
 * are handed back, events, output. One report is under way at a time; it has a number, and is sent
 * again if it was not answered, so that the driver takes each once. Thread-safe.
 *
 * <p>Where the consumers of output and logs are slow, the driver says so with its answer. Then
 * those who bring more ask for room first; outcomes go on.
 */
final class Reports {

  /** What a report may have in bytes, but for one record that has more. */
  private static final int MOST_BYTES = 4 << 20;

  /** What may wait for a report before slots ask for no more, and workers' output waits. */
  private static final long MOST_WAITING_BYTES = 16L << 20;

  private static final long PAUSE_MILLIS = 100;

  /** How many values in a report say that more come soon. */
  private static final int MANY = 64;

  /** How long after a report the next begins, while values come fast and slots have items. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** What does not wait for more, and what a report has then. */
  private static final int MOST_GATHERED_BYTES = 256 << 10;

  private final String executor;
  private final Driver driver;
  private final Thread thread;

  // ---- guarded by the monitor

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;

  /** How many records were added, and how many the driver has. */
  private long added;

  private long delivered;
  private boolean isClosed;

  // ---- of what waits, and of the last report

  /** How many values there are that may wait for more. */
  private int waitingValues;

  /** Whether there is something that is to go at once. */
  private boolean isUrgent;

  private boolean isGathering;
  private int lastValues;
  private long lastSent = System.nanoTime() - GATHER_NANOS;

  /** Held by the one who asks for room, so that one asks for all. */
  private final Object asking = new Object();

  /** Whether what workers print and log is held back. */
  private volatile boolean isHeld;

  Reports(String name, String executor, Driver driver) {
    this.executor = executor;
    this.driver = driver;
    this.thread = Daemons.named(name + "-reports").newThread(this::run);
    thread.start();
  }

  /** An item has its outcome. */
  void outcome(long call, Outcome<byte[]> outcome, ItemRun run) {
    add(
        ToDriver.Entry.OUTCOME,
        out -> {
          out.writeLong(call);
          out.writeLong(outcome.index());
          EncodedOutcome.write(outcome, run, out);
        });
  }

  /**
   * Items have values.
   *
   * @param more whether their slot has others: what these come to may wait for them for a moment
   */
  void successes(Successes done, boolean more) {
    add(ToDriver.Entry.SUCCESSES, done::write, more ? done.count() : 0);
  }

  /** An item is handed back. */
  void back(long call, long index, SlotKey slot) {
    add(
        ToDriver.Entry.BACK,
        out -> {
          out.writeLong(call);
          out.writeLong(index);
          Wire.write(slot, out);
        });
  }

  /** Something of our own classes. */
  void event(ToDriver.Entry what, Object event) {
    try {
      byte[] bytes = Events.encode(event);
      add(what, out -> Wire.writeBytes(bytes, out));
    } catch (RuntimeException e) { // what a log record has, say
      SafeLog.log(System.Logger.Level.DEBUG, "an event can't be sent to the driver", e);
    }
  }

  /** A worker has printed a line. */
  void printed(WorkerOutput.Line line) {
    awaitRoomUnlessInterrupted();
    event(ToDriver.Entry.OUTPUT, Items.of(line, Reports::ofDriver));
  }

  /** A worker has logged something. */
  void logged(WorkerLog log) {
    awaitRoomUnlessInterrupted();
    event(ToDriver.Entry.LOG, Items.of(log, Reports::ofDriver));
  }

  private static RunningItem ofDriver(RunningItem item) {
    return new RunningItem(
        RemoteCall.driversNumber(item.call()), item.label(), item.index(), item.attempt());
  }

  /** No worker can be run here. */
  void broken(String why) {
    add(
        ToDriver.Entry.BROKEN,
        out -> out.writeUTF(why.substring(0, Math.min(why.length(), 10_000))));
  }

  private void add(ToDriver.Entry what, Wire.Fields fields) {
    add(what, fields, 0);
  }

  /**
   * Adds a record.
   *
   * @param values how many values it has that may wait for more; 0 if it is to go at once
   */
  private void add(ToDriver.Entry what, Wire.Fields fields, int values) {
    byte[] written =
        Wire.answer(
            out -> {
              out.writeByte(what.code());
              fields.write(out);
            });
    synchronized (this) {
      if (!isClosed) {
        waiting.add(written);
        waitingBytes += written.length;
        waitingValues += values;
        added++;
        isUrgent |= values == 0;
        if (!isGathering || isDue()) {
          notifyAll();
        }
      }
    }
  }

  private boolean isDue() {
    return isUrgent || isClosed || waitingBytes > MOST_GATHERED_BYTES;
  }

  /**
   * Has values wait for more of them if there were many in the last report: to send and take one
   * costs as much as hundreds of small values. With the monitor.
   */
  private void gather() throws InterruptedException {
    long left = lastSent + GATHER_NANOS - System.nanoTime();
    isGathering = lastValues >= MANY;
    try {
      while (isGathering && !isDue() && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = lastSent + GATHER_NANOS - System.nanoTime();
      }
    } finally {
      isGathering = false;
    }
    lastSent = System.nanoTime();
    lastValues = waitingValues;
    waitingValues = 0;
    isUrgent = false;
  }

  /** Waits until not too much waits: the driver, or the network, may be slower than workers. */
  synchronized void awaitRoom() throws InterruptedException {
    while (waitingBytes > MOST_WAITING_BYTES && !isClosed) {
      wait();
    }
  }

  private void awaitRoomUnlessInterrupted() {
    try {
      awaitRoom();
      askForRoom();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askForRoom() throws InterruptedException {
    if (isHeld) {
      synchronized (asking) {
        while (isHeld && !isClosed()) {
          try {
            driver.ask(Wire.message(ToDriver.ROOM, out -> {}));
            isHeld = false;
          } catch (IOException e) { // a consumer takes that long
            SafeLog.log(System.Logger.Level.DEBUG, "the driver has no room for output", e);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          }
        }
      }
    }
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  /** Waits until the driver has what was added so far: false if it does not take it in time. */
  synchronized boolean flush(long seconds) throws InterruptedException {
    long upTo = added;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (delivered < upTo && !isClosed) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return delivered >= upTo;
  }

  /** Sends nothing any more. */
  synchronized void close() {
    isClosed = true;
    notifyAll();
    thread.interrupt();
  }

  // ---------------------------------------------------------------- the thread

  private void run() {
    try {
      for (long number = 1; ; number++) {
        List<byte[]> records = next();
        deliver(report(number, records));
        synchronized (this) {
          delivered += records.size();
          notifyAll();
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private synchronized List<byte[]> next() throws InterruptedException {
    while (waiting.isEmpty()) {
      if (isClosed) {
        throw new InterruptedException();
      }
      wait();
    }
    gather();
    List<byte[]> records = new ArrayList<>();
    int bytes = 0;
    while (!waiting.isEmpty()
        && (records.isEmpty() || bytes + waiting.element().length <= MOST_BYTES)) {
      byte[] record = waiting.remove();
      bytes += record.length;
      waitingBytes -= record.length;
      records.add(record);
    }
    notifyAll(); // there is room
    return records;
  }

  private byte[] report(long number, List<byte[]> records) {
    return Wire.message(
        ToDriver.REPORT,
        out -> {
          out.writeUTF(executor);
          out.writeLong(number);
          out.writeInt(records.size());
          for (byte[] record : records) {
            Wire.writeBytes(record, out);
          }
        });
  }

  /** Until the driver has it. Without a driver this process ends. */
  private void deliver(byte[] report) throws InterruptedException {
    while (true) {
      try {
        isHeld = Wire.read(driver.ask(report)).readBoolean();
        return;
      } catch (IOException e) {
        SafeLog.log(System.Logger.Level.DEBUG, "the driver did not take a report", e);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }
}
