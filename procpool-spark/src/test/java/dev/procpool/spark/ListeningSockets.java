package dev.procpool.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets on which a process listens, as the kernel tells them. */
final class ListeningSockets {

  private static final String LISTEN = "0A";

  /** 127.0.0.1 in the kernel's order of bytes, by itself, within an IPv6 address, and ::1. */
  private static final Set<String> LOOPBACK =
      Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

  private ListeningSockets() {}

  /** All of them, as {@code address:port} in the kernel's hexadecimal. */
  static List<String> of(ProcessHandle process) throws IOException {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        inodes.add(target(descriptor));
      }
    }
    List<String> sockets = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(proc.resolve(table))) {
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals(LISTEN) && inodes.contains("socket:[" + fields[9] + "]")) {
          sockets.add(fields[1]);
        }
      }
    }
    return sockets;
  }

  /** Tells whether nobody on another machine can connect to a socket. */
  static boolean isLoopback(String socket) {
    return LOOPBACK.contains(socket.substring(0, socket.indexOf(':')));
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // Closed meanwhile.
      return "";
    }
  }
}
