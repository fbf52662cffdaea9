package dev.procpool.local.fleet;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workers there are, by id, from the moment that their start begins until they are gone. Owned
 * by the engine's thread.
 */
final class Roster {

  private final int firstNumber;
  private final Map<Long, Worker> workers = new LinkedHashMap<>();

  /** Spares a look into the map for each chunk. */
  private @Nullable Worker lastFound;

  private long lastId;

  Roster(int firstNumber) {
    this.firstNumber = firstNumber;
  }

  /** Gives the id of the next worker. */
  long newId() {
    return ++lastId;
  }

  void add(Worker worker) {
    workers.put(worker.id(), worker);
  }

  void remove(Worker worker) {
    workers.remove(worker.id());
    lastFound = null;
  }

  /** A live view; who adds or removes while walking through it walks through a copy. */
  Collection<Worker> all() {
    return workers.values();
  }

  List<Worker> copy() {
    return List.copyOf(workers.values());
  }

  @Nullable Worker find(long id) {
    Worker worker = lastFound;
    if (worker == null || worker.id() != id) {
      worker = workers.get(id);
      lastFound = worker;
    }
    return worker;
  }

  int size() {
    return workers.size();
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  /** How many are, or will be, of use; spares are not counted. */
  int alive() {
    int alive = 0;
    for (Worker worker : workers.values()) {
      alive += worker.isAlive() && !worker.isSpare() ? 1 : 0;
    }
    return alive;
  }

  /** How many there are in whose place none is started: alive, or awaited; without spares. */
  int taken() {
    int taken = 0;
    for (Worker worker : workers.values()) {
      taken += worker.isAlive() && !worker.isSpare() || worker.isAwaited() ? 1 : 0;
    }
    return taken;
  }

  /** The spares that are, or will be, of use: those that are ready first. */
  List<Worker> spares() {
    List<Worker> spares = new ArrayList<>();
    for (Worker worker : workers.values()) {
      if (worker.isAlive() && worker.isSpare()) {
        spares.add(worker.isReady() ? 0 : spares.size(), worker);
      }
    }
    return spares;
  }

  /** The processes of those that have one. */
  List<Process> processes() {
    List<Process> processes = new ArrayList<>();
    for (Worker worker : workers.values()) {
      Process process = worker.process();
      if (process != null) {
        processes.add(process);
      }
    }
    return processes;
  }

  /** Whether there is a worker with a process. */
  boolean hasProcess() {
    for (Worker worker : workers.values()) {
      if (worker.process() != null) {
        return true;
      }
    }
    return false;
  }

  boolean hasReady() {
    for (Worker worker : workers.values()) {
      if (worker.isReady()) {
        return true;
      }
    }
    return false;
  }

  /** The lowest number that none has who is alive, from the first one on. */
  int freeNumber() {
    BitSet taken = new BitSet();
    for (Worker other : workers.values()) { // the first stream and lambda of a JVM take long
      if (other.isAlive()) {
        taken.set(other.number());
      }
    }
    return taken.nextClearBit(firstNumber);
  }
}
