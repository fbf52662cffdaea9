package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/** What a ring costs: a message put and taken by one thread, and from one thread to another. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {

  private static final int MESSAGE = 32;

  /** A ring as it is between two processes, and both of its ends. */
  @State(Scope.Group)
  public static class Ends {

    private final Ring ring =
        new Ring(
            ByteBuffer.allocateDirect(MemoryLayout.PAGE_BYTES + MemoryLayout.RING_BYTES),
            0,
            MemoryLayout.PAGE_BYTES,
            MemoryLayout.RING_BYTES);
    final Ring.Producer producer = ring.producer();
    final Ring.Consumer consumer = ring.consumer();
    final byte[] message = new byte[MESSAGE];
    final ByteBuffer taken = ByteBuffer.allocate(64 * 1024);
  }

  @Benchmark
  @Group("oneThread")
  @GroupThreads(1)
  public int putAndTake(Ends ends) throws IOException {
    ends.producer.put(ends.message, 0, MESSAGE);
    ends.producer.publish();
    ends.taken.clear();
    return ends.consumer.read(ends.taken);
  }

  /** The same with the look at the sleeper's word, which has a full fence before it. */
  @Benchmark
  @Group("oneThreadAndBell")
  @GroupThreads(1)
  public boolean putLookAndTake(Ends ends) throws IOException {
    ends.producer.put(ends.message, 0, MESSAGE);
    ends.producer.publish();
    boolean ring = ends.producer.takeBellRequest();
    ends.taken.clear();
    ends.consumer.read(ends.taken);
    return ring;
  }

  @Benchmark
  @Group("twoThreads")
  @GroupThreads(1)
  public void put(Ends ends, Control control) throws IOException {
    while (!ends.producer.hasRoom(MESSAGE)) {
      if (control.stopMeasurement) {
        return;
      }
      Thread.onSpinWait();
    }
    ends.producer.put(ends.message, 0, MESSAGE);
    ends.producer.publish();
  }

  @Benchmark
  @Group("twoThreads")
  @GroupThreads(1)
  public int take(Ends ends, Control control) throws IOException {
    ends.taken.clear();
    while (ends.consumer.isEmpty()) {
      if (control.stopMeasurement) {
        return 0;
      }
      Thread.onSpinWait();
    }
    return ends.consumer.read(ends.taken.limit(MESSAGE));
  }
}
