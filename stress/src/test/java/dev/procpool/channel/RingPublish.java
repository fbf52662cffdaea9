package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What is read from a {@link Ring} is what was written, whole. */
public class RingPublish {

  private RingPublish() {}

  private static final int MESSAGE = 24;

  private static byte[] message(int value) {
    byte[] bytes = new byte[MESSAGE];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** Reads what there is, and gives the number of messages: -1 if they are not those written. */
  private static int messages(Ring.Consumer consumer) {
    ByteBuffer into = ByteBuffer.allocate(2 * MESSAGE);
    try {
      int count = consumer.read(into);
      for (int i = 0; i < count; i++) {
        if (into.get(i) != i / MESSAGE + 1) {
          return -1;
        }
      }
      return count % MESSAGE == 0 ? count / MESSAGE : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Gives the other side time to do harm. */
  private static void dawdle() {
    for (int i = 0; i < 20; i++) {
      Thread.onSpinWait();
    }
  }

  /** Two messages across the end of the ring, each published. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
      expect = Expect.ACCEPTABLE,
      desc = "Whole messages, in order.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Something else.")
  @State
  public static class Whole {

    private final Ring ring = Words.ring();
    private final Ring.Producer producer = ring.producer();
    private final Ring.Consumer consumer = ring.consumer();

    public Whole() {
      producer.put(new byte[40], 0, 40);
      producer.publish();
      try {
        consumer.read(ByteBuffer.allocate(40));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Actor
    public void write() {
      for (int value = 1; value <= 2; value++) {
        producer.put(message(value), 0, MESSAGE);
        producer.publish();
      }
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = messages(consumer);
      ByteBuffer rest = ByteBuffer.allocate(2 * MESSAGE);
      try {
        int count = consumer.read(rest);
        for (int i = 0; i < count; i++) {
          if (rest.get(i) != i / MESSAGE + r.r1 + 1) {
            count = -1;
          }
        }
        r.r2 = count % MESSAGE == 0 ? r.r1 + count / MESSAGE : -1;
      } catch (IOException e) {
        r.r2 = -1;
      }
    }
  }

  /** Shows the bytes before they are there. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "Whole messages.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "A message that was not written.")
  @State
  public static class PublishedTooSoonCanary {

    private final ByteBuffer memory = Words.take();
    private final Ring ring = new Ring(memory, 0, Words.BYTES / 2, 64);
    private final Ring.Producer producer = ring.producer();
    private final Ring.Consumer consumer = ring.consumer();

    @Actor
    public void write() {
      byte[] message = message(1);
      producer.put(new byte[MESSAGE], 0, MESSAGE);
      producer.publish();
      dawdle();
      memory.put(Words.BYTES / 2, message, 0, MESSAGE);
    }

    @Actor
    public void read(II_Result r) {
      r.r1 = messages(consumer);
      r.r2 = Math.max(r.r1, messages(consumer));
    }
  }

  /** Room is given back only when the bytes were read. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "The first message was read before its place was taken.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "It was overwritten.")
  @State
  public static class Overwrite {

    private final Ring ring = new Ring(Words.take(), 0, Words.BYTES / 2, 32);
    private final Ring.Producer producer = ring.producer();
    private final Ring.Consumer consumer = ring.consumer();

    public Overwrite() {
      producer.put(message(1), 0, MESSAGE);
      producer.publish();
    }

    @Actor
    public void write(II_Result r) {
      try {
        if (producer.hasRoom(MESSAGE)) {
          producer.put(message(2), 0, MESSAGE);
          producer.publish();
          r.r1 = 1;
        }
      } catch (IOException e) {
        r.r1 = -1;
      }
    }

    @Actor
    public void read(II_Result r) {
      r.r2 = messages(consumer);
    }
  }

  /** Gives the room back before it has read. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "Read in time.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "Overwritten.")
  @State
  public static class ReleasedTooSoonCanary {

    private static final VarHandle LONG =
        MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory = Words.take();
    private final Ring.Producer producer = new Ring(memory, 0, Words.BYTES / 2, 32).producer();

    public ReleasedTooSoonCanary() {
      producer.put(message(1), 0, MESSAGE);
      producer.publish();
    }

    @Actor
    public void write(II_Result r) {
      try {
        if (producer.hasRoom(MESSAGE)) {
          producer.put(message(2), 0, MESSAGE);
          producer.publish();
          r.r1 = 1;
        }
      } catch (IOException e) {
        r.r1 = -1;
      }
    }

    @Actor
    public void read(II_Result r) {
      LONG.setRelease(memory, MemoryLayout.HEAD, (long) MESSAGE);
      dawdle();
      byte[] read = new byte[MESSAGE];
      memory.get(Words.BYTES / 2, read, 0, MESSAGE);
      r.r2 = 1;
      for (byte value : read) {
        r.r2 = value == 1 ? r.r2 : -1;
      }
    }
  }
}
