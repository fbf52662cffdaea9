package dev.procpool.local;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Limits of the system on each worker process, by {@code prlimit} of util-linux: see {@link
 * Sandbox#prlimit}. They hold for each process that a task starts, too. Immutable.
 */
public final class Prlimit implements Sandbox, Serializable {

  @Serial private static final long serialVersionUID = 1;

  private static final String PROGRAM = "prlimit";

  /** How many bytes of addresses; 0 for no limit, as the next two. */
  private final long addressSpace;

  /** How many seconds of processor time. */
  private final long processorSeconds;

  /** How many open files. */
  private final int openFiles;

  Prlimit(long addressSpace, long processorSeconds, int openFiles) {
    this.addressSpace = addressSpace;
    this.processorSeconds = processorSeconds;
    this.openFiles = openFiles;
  }

  /**
   * Limits the address space. A JVM reserves much more than it uses: allow for its largest heap and
   * 2 GiB, or it does not start. It bounds what native code allocates; the heap is bounded better
   * by {@code -Xmx} in {@code jvmOptions}. Default: the limit of this process.
   *
   * @param bytes at least 1
   * @return the limits with this one
   * @throws IllegalArgumentException if it is not positive
   */
  public Prlimit addressSpace(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("addressSpace must be at least 1, was " + bytes);
    }
    return new Prlimit(bytes, processorSeconds, openFiles);
  }

  /**
   * Limits the processor time that a worker process uses in its whole life, all threads together.
   * The system kills it then ({@code SIGKILL}); the item that it was running is lost, another
   * worker takes its place. Default: the limit of this process.
   *
   * @param time at least a second; parts of a second are rounded up
   * @return the limits with this one
   * @throws IllegalArgumentException if it is less
   */
  public Prlimit processorTime(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("processorTime must be at least 1 second, was " + time);
    }
    long seconds = TimeUnit.SECONDS.convert(time); // saturates
    boolean hasPart = seconds < Long.MAX_VALUE && Duration.ofSeconds(seconds).compareTo(time) < 0;
    return new Prlimit(addressSpace, hasPart ? seconds + 1 : seconds, openFiles);
  }

  /**
   * Limits how many files and sockets a worker may have open at a time. A JVM itself needs some
   * dozens. Default: the limit of this process.
   *
   * @param number at least 1
   * @return the limits with this one
   * @throws IllegalArgumentException if it is not positive
   */
  public Prlimit openFiles(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("openFiles must be at least 1, was " + number);
    }
    return new Prlimit(addressSpace, processorSeconds, number);
  }

  @Override
  public List<String> command(Start start) {
    List<String> words = new ArrayList<>();
    words.add(PROGRAM);
    if (addressSpace > 0) {
      words.add("--as=" + addressSpace);
    }
    if (processorSeconds > 0) {
      words.add("--cpu=" + processorSeconds);
    }
    if (openFiles > 0) {
      words.add("--nofile=" + openFiles);
    }
    words.add("--");
    return words;
  }

  @Override
  public List<String> programs() {
    return List.of(PROGRAM);
  }
}
