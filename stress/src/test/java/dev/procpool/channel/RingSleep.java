package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * No wake-up is lost: a side that goes to sleep is rung for by the other. In each, the first result
 * is whether one sleeps, the second whether the other rings.
 */
public class RingSleep {

  private static final byte[] EIGHT = new byte[8];

  private RingSleep() {}

  /** A ring, and both of its ends. */
  @State
  public static class Ends {

    final RunPage page = new RunPage(Words.take());
    final Ring ring = new Ring(Words.take(), 0, Words.BYTES / 2, 8);
    final Ring.Producer producer = ring.producer();
    final Ring.Consumer consumer = ring.consumer();

    void publish() {
      producer.put(EIGHT, 0, 8);
      producer.publish();
    }

    void read() {
      try {
        consumer.read(ByteBuffer.allocate(8));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    boolean waitForRoom() {
      try {
        return producer.waitForRoom();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The same with a ring that is full. */
  @State
  public static class FullEnds extends Ends {

    public FullEnds() {
      publish();
    }
  }

  /** The consumer waits for bytes. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Awake, or rung for.")
  public static class Bytes {

    @Actor
    public void sleep(Ends ends, ZZ_Result r) {
      r.r1 = ends.consumer.sleep();
    }

    @Actor
    public void write(Ends ends, ZZ_Result r) {
      ends.publish();
      r.r2 = ends.producer.takeBellRequest();
    }
  }

  /** The consumer reads what it finds first: of what it has read it need not be told. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Sleeps beside bytes for ever.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Awake, rung for, or nothing to be rung for.")
  public static class BytesReadBefore {

    @Actor
    public void sleep(Ends ends, ZZ_Result r) {
      ends.read();
      r.r1 = ends.consumer.sleep();
    }

    @Actor
    public void write(Ends ends, ZZ_Result r) {
      ends.publish();
      r.r2 = ends.producer.takeBellRequest();
    }

    @Arbiter
    public void look(Ends ends, ZZ_Result r) {
      r.r1 &= !ends.consumer.looksEmpty();
    }
  }

  /**
   * The same without a read, with the fence that the worker passes at the beginning of its next
   * item.
   */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Awake, or rung for.")
  public static class BytesBeforeAnItem {

    @Actor
    public void sleep(Ends ends, ZZ_Result r) {
      r.r1 = ends.consumer.sleep();
    }

    @Actor
    public void write(Ends ends, ZZ_Result r) {
      ends.publish();
      boolean begun = ends.page.begin(1);
      r.r2 = ends.producer.takeBellRequestAfterFence() && begun;
    }
  }

  /** The producer looks at the word without having passed a fence. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Awake, or rung for.")
  public static class BytesWithoutFenceCanary {

    @Actor
    public void sleep(Ends ends, ZZ_Result r) {
      r.r1 = ends.consumer.sleep();
    }

    @Actor
    public void write(Ends ends, ZZ_Result r) {
      ends.publish();
      r.r2 = ends.producer.takeBellRequestAfterFence();
    }
  }

  /** The producer waits for room. */
  @JCStressTest
  @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "Awake, or rung for.")
  public static class Room {

    @Actor
    public void sleep(FullEnds ends, ZZ_Result r) {
      r.r1 = ends.waitForRoom();
    }

    @Actor
    public void read(FullEnds ends, ZZ_Result r) {
      ends.read();
      r.r2 = ends.consumer.takeBellRequest();
    }
  }
}
