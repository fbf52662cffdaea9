package dev.procpool.testkit.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a hostile worker: gives back the arguments of some items, as the tasks of the
 * run do, then commits a {@link Misdeed} at one, and so on for as long as the pool lets it; but a
 * given misdeed once.
 */
final class HostileMain {

  private static final int CHUNK = 18;
  private static final int RECALL = 2;
  private static final int STOP = 4;
  private static final int RETURNED = 38;
  private static final long POLL_NANOS = 200_000;
  private static final long CAUGHT_MILLIS = 200;

  /** Then it ends by itself: the pool may be gone. */
  private static final long KILLED_WITHIN_MILLIS = 5_000;

  private final Wire wire;
  private final SplittableRandom random;
  private final Misdeed[] misdeeds;

  /** How many items are still reported in good order. */
  private int honest;

  private HostileMain(Wire wire, SplittableRandom random, Misdeed[] misdeeds, int honest) {
    this.wire = wire;
    this.random = random;
    this.misdeeds = misdeeds;
    this.honest = honest;
  }

  /**
   * Runs a hostile worker.
   *
   * @param args the seed, how many items to report in good order at most, and the misdeed's name,
   *     or none for any
   * @throws IOException if standard input can't be read
   * @throws InterruptedException never
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[0]));
    Misdeed[] misdeeds =
        args.length > 2 ? new Misdeed[] {Misdeed.valueOf(args[2])} : Misdeed.values();
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Wire wire = new Wire(words);
    Thread heart = new Thread(() -> beat(wire), "heart");
    heart.setDaemon(true);
    heart.start();
    int honest = random.nextInt(Integer.parseInt(args[1]) + 1);
    try {
      wire.introduce();
      wire.send(Wire.READY, new byte[0]);
      new HostileMain(wire, random, misdeeds, honest).serve();
    } catch (IOException | InternalError e) { // the line is closed, or the memory cut off
      Thread.sleep(KILLED_WITHIN_MILLIS); // the pool is to kill it, whatever it does
      Runtime.getRuntime().halt(1);
    }
  }

  private static void beat(Wire wire) {
    while (true) {
      try {
        wire.beat();
      } catch (InternalError e) {
        return; // the memory is cut off
      }
      LockSupport.parkNanos(200_000_000);
    }
  }

  private void serve() throws IOException, InterruptedException {
    while (true) {
      byte[] control = wire.control();
      byte[] task = wire.task();
      if (control != null) {
        handle(ByteBuffer.wrap(control));
      }
      if (task != null && task[0] == CHUNK) {
        run(ByteBuffer.wrap(task).position(8));
      } else if (task == null && control == null) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private void handle(ByteBuffer frame) throws IOException {
    int type = (int) (frame.getLong() >>> 56);
    if (type == STOP) {
      Runtime.getRuntime().halt(0);
    } else if (type == RECALL) { // all that came has been run: nothing is given back
      byte[] none = ByteBuffer.allocate(12).putLong(frame.getLong()).putInt(1 << 20).array();
      wire.send(RETURNED, none);
    }
  }

  private void run(ByteBuffer chunk) throws IOException, InterruptedException {
    long number = chunk.getLong();
    chunk.getLong(); // the call
    chunk.getLong(); // the first index
    chunk.getInt(); // the attempt
    int count = chunk.getInt();
    for (int offset = 0; offset < count; offset++) {
      byte[] bytes = new byte[chunk.getInt()];
      chunk.get(bytes);
      wire.word(Wire.RUNNING, number << 20 | offset);
      if (honest-- > 0) {
        wire.put(Wire.frame(Wire.RESULT, Wire.result(bytes, number, offset, 0, 1000)));
      } else {
        boolean once = misdeeds.length == 1;
        honest = once ? Integer.MAX_VALUE : random.nextInt(3);
        misdeeds[random.nextInt(misdeeds.length)].commit(
            wire, new Item(number, offset, bytes), random);
        // as one who is at the item, for as long as that takes
        Thread.sleep(once ? KILLED_WITHIN_MILLIS : CAUGHT_MILLIS);
      }
      wire.word(Wire.RUNNING, 0);
    }
  }
}
