package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** The worker's side of the torture: the main class of a JVM that the test may kill. */
final class TorturePeer {

  static final int READER_GONE = 7;
  static final int FAILED = 3;

  private final TortureFrames in;
  private final TortureFrames out;
  private final WorkerMemory memory;
  private final WorkerChannel socket;
  private final WorkerRings rings;

  private TorturePeer(Path directory, long seed, long spinNanos, int kinds) throws IOException {
    this.in = new TortureFrames(seed, kinds);
    this.out = new TortureFrames(-seed, kinds);
    this.socket = WorkerChannel.connect(directory.resolve("s"));
    SocketChannel bell = WorkerChannel.connectBell(directory.resolve("s"), 1, new byte[0], 0);
    this.memory = WorkerMemory.open(directory.resolve("m"));
    this.rings =
        new WorkerRings(memory, bell, WaitStrategy.yielding(spinNanos), TortureFrames.BODY_TYPE);
  }

  /** What to do, where, the seed, how long to spin, and how much to do. */
  public static void main(String[] args) {
    try {
      TorturePeer peer =
          new TorturePeer(
              Path.of(args[1]),
              Long.parseLong(args[2]),
              Long.parseLong(args[3]),
              args[0].equals("echo-pieces") ? TortureFrames.PIECES : TortureFrames.ALL);
      int count = Integer.parseInt(args[4]);
      switch (args[0]) {
        case "echo", "echo-pieces" -> peer.echo(count);
        case "write-steps" -> peer.writeSteps(count);
        case "read-steps" -> peer.readSteps(count);
        case "stream" -> peer.stream();
        default -> throw new IllegalArgumentException(args[0]);
      }
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(FAILED);
    }
  }

  /** Reads so many frames and sends one for each, and in the end how often there was no room. */
  private void echo(int count) throws IOException {
    SplittableRandom pauses = new SplittableRandom(in.seed() + 1);
    int waits = 0;
    for (int number = 0; number < count; ) {
      rings.await(() -> false);
      while (rings.receive()) {
        while (rings.frames().next()) {
          in.check(number, rings.frames());
          byte[] answer = out.frame(number);
          waits += rings.send(TortureFrames.type(number), answer, answer.length) ? 0 : 1;
          number++;
          if (pauses.nextInt(64) == 0) {
            LockSupport.parkNanos(pauses.nextInt(300_000)); // the pool gets ahead
          }
        }
      }
    }
    byte[] last = ByteBuffer.allocate(Frame.HEADER_BYTES + 4).putInt(8, waits).array();
    rings.send(0, last, last.length);
    rings.ring();
    while (socket.receive() != null) {
      continue; // until the test has read everything
    }
  }

  /** Writes in steps, and after so many of them says so and waits to be killed. */
  private void writeSteps(int count) throws IOException {
    Ring.Producer producer = memory.results().producer();
    byte[] first = numbered(0);
    byte[] second = numbered(1);
    byte[] third = new byte[3 * MemoryLayout.RING_BYTES];
    Frame.putHeader(third, 1, third.length - Frame.HEADER_BYTES);
    Step[] steps = {
      () -> producer.put(first, 0, first.length),
      producer::publish,
      () -> producer.put(second, 0, second.length / 2),
      producer::publish,
      () -> producer.put(second, second.length / 2, second.length - second.length / 2),
      producer::publish,
      producer::takeBellRequest,
      () -> producer.write(ByteBuffer.wrap(third, 0, 5)),
      () -> producer.write(ByteBuffer.wrap(third, 5, third.length - 5)),
      producer::waitForRoom,
    };
    run(steps, count);
  }

  private byte[] numbered(int number) {
    byte[] frame = new TortureFrames(out.seed(), TortureFrames.SMALL).frame(number);
    Frame.putHeader(frame, TortureFrames.type(number), frame.length - Frame.HEADER_BYTES);
    return frame;
  }

  /** Reads in steps, and after so many of them says so and waits to be killed. */
  private void readSteps(int count) throws IOException {
    Ring.Consumer consumer = memory.tasks().consumer();
    Step[] steps = {
      consumer::sleep,
      consumer::awake,
      () -> read(consumer, 1),
      () -> read(consumer, 1000),
      consumer::takeBellRequest,
      () -> read(consumer, MemoryLayout.RING_BYTES)
    };
    run(steps, count);
  }

  private static void read(Ring.Consumer consumer, int count) throws IOException {
    consumer.read(ByteBuffer.allocate(count));
  }

  /** One step of a side. */
  private interface Step {
    void run() throws IOException;
  }

  private static void run(Step[] steps, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      steps[i].run();
    }
    System.out.write(count == steps.length ? 'E' : 'S');
    System.out.flush();
    System.in.read();
  }

  /** Sends frames until it is killed, or until the reader is. */
  private void stream() throws IOException {
    Thread inbox =
        new Thread(
            () -> {
              try {
                while (socket.receive() != null) {
                  continue;
                }
              } catch (IOException e) {
                // the same: the reader is gone
              }
              Runtime.getRuntime().halt(READER_GONE); // as a worker's inbox does
            });
    inbox.start();
    for (int number = 0; ; number++) {
      byte[] frame = out.frame(number);
      memory.page().begin(number + 1);
      memory.page().start(number + 1);
      rings.send(TortureFrames.type(number), frame, frame.length);
      memory.page().beat();
      memory.page().end();
      rings.ring();
    }
  }
}
