package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.local.Bubblewrap;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program that runs hostile code in a worker, in a box or free, and prints what that reached.
 * Arguments: an empty directory to work in, and {@code boxed} or {@code free}.
 */
final class Escapes {

  private static final String LISTEN =
      "use Socket; socket(S, 1, 1, 0) && bind(S, pack_sockaddr_un(\"\\0\" . $ARGV[0])) && listen(S, 5)"
          + " or exit 1; $| = 1; print \"x\"; <STDIN>";

  private Escapes() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    boolean isBoxed = args[1].equals("boxed");
    Files.writeString(Files.createDirectory(directory.resolve("home")).resolve("key"), "a secret");
    Path shown = Files.createDirectory(directory.resolve("shown"));
    Path written = Files.createDirectory(directory.resolve("written"));
    Path pipe = directory.resolve("pipe");
    if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
      throw new IOException("no pipe");
    }
    String name = "procpool-escapes-" + ProcessHandle.current().pid();
    Process listener = new ProcessBuilder("perl", "-e", LISTEN, name).start();
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        FileChannel reader =
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      if (!reader.isOpen() || listener.getInputStream().read() != 'x') {
        throw new IOException("no abstract socket");
      }
      agent.bind(UnixDomainSocketAddress.of(directory.resolve("agent")));
      HostileTask task =
          new HostileTask(
              directory.toString(),
              server.getLocalPort(),
              ProcessHandle.current().pid(),
              name,
              isBoxed);
      Bubblewrap box =
          Sandbox.bubblewrap()
              .readable(Path.of("/usr"), Path.of("/bin"), Path.of("/sbin"), shown)
              .writable(written)
              .temporarySpace(HostileTask.SPACE)
              .fileSize(HostileTask.SPACE)
              .processes(HostileTask.PROCESSES);
      ProcessPool.Builder builder = ProcessPool.builder().workers(2);
      try (Pool pool = (isBoxed ? builder.sandbox(box) : builder).build()) {
        pool.apply(task::reached).forEach(System.out::println);
      }
    } finally {
      listener.destroyForcibly().waitFor();
    }
  }
}
