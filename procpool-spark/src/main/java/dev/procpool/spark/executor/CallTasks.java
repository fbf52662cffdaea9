package dev.procpool.spark.executor;

import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Events;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.RemoteClasses;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of the driver's calls, each asked for once for all slots of an executor, and the
 * loaders of their classes. Thread-safe; an entry's monitor is held while the driver is asked for
 * its task, so that other slots wait for the same answer.
 */
final class CallTasks {

  /** Has shared values there before a task that uses them begins. */
  interface SharedValues {
    void need(Iterable<String> keys) throws IOException, InterruptedException;
  }

  /** What the driver said of a call: its parts share it. */
  record Known(EncodedTask task, CallLimits limits) {}

  private static final class Entry {

    /** Null until the driver has answered; guarded by the monitor. */
    @Nullable Known known;
  }

  private final String executor;
  private final Driver driver;
  private final SharedValues shared;
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final Map<Long, RemoteClasses> loaders = new ConcurrentHashMap<>();

  CallTasks(String executor, Driver driver, SharedValues shared) {
    this.executor = executor;
    this.driver = driver;
    this.shared = shared;
  }

  /** Gives the task of a call, with the shared values that it uses there; null if it has ended. */
  @Nullable Known get(long call) throws IOException, InterruptedException {
    Entry entry = entries.computeIfAbsent(call, n -> new Entry());
    synchronized (entry) {
      if (entry.known == null) {
        entry.known = fetch(call);
        if (entry.known == null) {
          entries.remove(call, entry);
        }
      }
      return entry.known;
    }
  }

  private @Nullable Known fetch(long call) throws IOException, InterruptedException {
    byte[] answer = driver.ask(Wire.message(ToDriver.TASK, out -> out.writeLong(call)));
    if (answer.length == 0) {
      return null;
    }
    DataInputStream in = Wire.read(answer);
    CallLimits limits = Events.read(CallLimits.class, in);
    shared.need(Wire.readTexts(in));
    return new Known(EncodedTask.read(in.readAllBytes(), this::loader), limits);
  }

  /** Tells whether a call was asked for and not forgotten. */
  boolean has(long call) {
    return entries.containsKey(call);
  }

  /** The call has ended. */
  void forget(long call) {
    entries.remove(call);
  }

  /** The loader of a number of the driver's. */
  RemoteClasses loader(long number) {
    return loaders.computeIfAbsent(number, n -> new RemoteClasses(n, this::askForClass));
  }

  private byte[] askForClass(byte[] question) {
    try {
      return driver.ask(
          Wire.message(
              ToDriver.CLASS,
              out -> {
                out.writeUTF(executor);
                out.write(question);
              }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the driver was asked for a class", e);
    }
  }
}
