package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import dev.procpool.testkit.Commands;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Has workers in boxes try to reach what this process has outside of them, while others of them
 * die, and judges what they say. Does nothing where bubblewrap does not work.
 */
final class Boxed {

  private static final int ITEMS = 60;
  private static final String NOTHING = "nothing";

  /** What an item does. */
  enum Deed {
    /** Nothing that is forbidden. */
    HONEST,
    /** Ends its worker. */
    HALT,
    SOCKET,
    PIPE,
    READ,
    WRITE,
    LIST,
    PORT,
    /** Looks for the memory of other workers. */
    MEMORY
  }

  private Boxed() {}

  /** Runs some items, and gives the faults. */
  static List<String> run(long seed) throws IOException, InterruptedException {
    if (!Commands.bubblewrapWorks()) {
      return List.of();
    }
    try (Ground ground = new Ground()) {
      Path place = Files.createDirectory(ground.file("place"));
      List<String> faults = run(new SplittableRandom(seed), place, ground);
      ground.leftovers().forEach(left -> faults.add("left behind by boxes: " + left));
      return faults;
    }
  }

  private static List<String> run(SplittableRandom random, Path place, Ground ground)
      throws IOException, InterruptedException {
    Path pipe = place.resolve("pipe");
    Files.writeString(place.resolve("file"), "a secret");
    if (!Commands.succeeds("mkfifo", pipe.toString())) {
      throw new IOException("mkfifo does not work here");
    }
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocket server = new ServerSocket(0, ITEMS, InetAddress.getLoopbackAddress());
        FileChannel reader = // else who opens it for writing waits
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Pool pool = ProcessPool.builder().workers(2).sandbox(Sandbox.bubblewrap()).build()) {
      agent.bind(UnixDomainSocketAddress.of(place.resolve("agent")), ITEMS);
      ground.learnPools();
      Deed[] all = Deed.values();
      List<Deed> deeds = random.ints(ITEMS, 0, all.length).mapToObj(i -> all[i]).toList();
      Attempt attempt = new Attempt(place.toString(), server.getLocalPort());
      List<String> faults = judge(deeds, pool.mapAsync(attempt, deeds).outcomes());
      if (!reader.isOpen()) {
        faults.add("the pipe was closed");
      }
      return faults;
    }
  }

  /** Gives what is wrong with what became of deeds. */
  static List<String> judge(List<Deed> deeds, List<Outcome<String>> outcomes) {
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < deeds.size(); i++) {
      Deed deed = deeds.get(i);
      Outcome<String> outcome = outcomes.get(i);
      boolean isRight =
          deed == Deed.HALT
              ? outcome instanceof Outcome.WorkerLost<String>
              : outcome instanceof Outcome.Success<String> success
                  && success.value().equals(NOTHING);
      if (!isRight) {
        faults.add("boxed " + deed + ": " + outcome);
      }
    }
    return faults;
  }

  /** Tries a deed in a worker, and gives what it reached. */
  private record Attempt(String place, int port) implements Task1<Deed, String> {

    @Override
    public String call(Deed deed) {
      try {
        return reached(deed);
      } catch (IOException e) {
        return NOTHING;
      }
    }

    private String reached(Deed deed) throws IOException {
      Path file = Path.of(place, "file");
      switch (deed) {
        case HALT -> Runtime.getRuntime().halt(3);
        case SOCKET -> {
          try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(Path.of(place, "agent")));
            return "the socket";
          }
        }
        case PIPE -> {
          try (OutputStream out =
              Files.newOutputStream(Path.of(place, "pipe"), StandardOpenOption.WRITE)) {
            out.write(1);
            return "the pipe";
          }
        }
        case READ -> {
          return Files.readString(file);
        }
        case WRITE -> {
          Files.writeString(file, "overwritten", StandardOpenOption.WRITE);
          return "the file, for writing";
        }
        case LIST -> {
          try (Stream<Path> files = Files.list(Path.of(place))) {
            return "the directory: " + files.toList();
          }
        }
        case PORT -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return "the port: " + socket;
          }
        }
        case MEMORY -> {
          try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            List<Path> found = files.toList();
            return found.size() > 1 ? "others' memory: " + found : NOTHING; // its own is there
          }
        }
        default -> {
          // it is honest
        }
      }
      return NOTHING;
    }
  }
}
