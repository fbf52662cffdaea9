package dev.procpool.worker;

import dev.procpool.channel.WaitStrategy;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.channel.WorkerMemory;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.Hello;
import dev.procpool.protocol.PoolPlace;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The main class of a worker process. The pool says on standard input where it listens; the worker
 * connects, proves itself, and serves until told to stop or until the pool is gone.
 */
public final class WorkerMain {

  /** Socket, where the memory is tried first, memory, how long to spin, which launch, token. */
  private static final int WORDS = 6;

  /** Those that the pool says before it makes the memory: they tell what to remove. */
  private static final int FIRST_WORDS = 2;

  private WorkerMain() {}

  /**
   * Runs the worker; started by the pool, never by hand.
   *
   * @param args none
   * @throws IOException if standard input can't be read
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // standard error is this process's log
  public static void main(String[] args) throws IOException {
    WarmUp.start();
    // a reader of lines would be a dozen more classes to load
    String[] words = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
    String directory = System.getProperty(PoolPlace.PROPERTY);
    if (words.length > FIRST_WORDS && words.length <= WORDS) { // the pool has ended meanwhile
      new ParentWatch(Path.of(words[0]), Path.of(words[1])).halt(1);
    } else if (words.length <= FIRST_WORDS && directory != null) { // before it said a word
      Path socket = Path.of(directory, PoolPlace.SOCKET);
      new ParentWatch(socket, socket).halt(1);
    }
    if (words.length != WORDS + 1) { // after the last there is a line's end
      System.err.println(
          "This is the main class of procpool's worker processes. It is started by a pool, not by"
              + " hand.");
      System.exit(2);
      return;
    }
    Path socket = Path.of(words[0]);
    Path file = Path.of(words[2]);
    long spinNanos = Long.parseLong(words[3]);
    Hello hello = new Hello(Hello.VERSION, Long.parseLong(words[4]), words[5]);
    System.setIn(InputStream.nullInputStream()); // tasks that read it find its end
    TerminalSignals.leaveToPool();
    ParentWatch parentWatch = new ParentWatch(socket, file);
    try {
      serve(socket, file, spinNanos, hello, parentWatch);
    } catch (IOException e) {
      e.printStackTrace(); // if the pool is there it shows this as the last words
      parentWatch.halt(1); // if not, nobody else removes what it left
    }
  }

  private static void serve(
      Path socket, Path file, long spinNanos, Hello hello, ParentWatch parentWatch)
      throws IOException {
    WorkerMemory memory = WorkerMemory.open(file); // before the hello: then the pool removes it
    WorkerChannel channel = WorkerChannel.connect(socket);
    ByteOutput out = new ByteOutput(128, Long.MAX_VALUE);
    hello.write(out);
    channel.send(ToParent.HELLO, out.array(), out.size());
    WorkerRings rings =
        new WorkerRings(
            memory,
            WorkerChannel.connectBell(socket, ToParent.HELLO_BELL, out.array(), out.size()),
            WaitStrategy.yielding(spinNanos),
            ToWorker.BODY);
    new WorkerProcess(channel, rings, memory.page(), parentWatch).run();
  }
}
