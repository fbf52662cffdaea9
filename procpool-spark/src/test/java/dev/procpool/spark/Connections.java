package dev.procpool.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts connections of processes, and counts their bytes, by the system's {@code ss}. */
final class Connections {

  /** Local and remote port, and who has the socket. */
  private static final Pattern SOCKET = Pattern.compile(":(\\d+)\\s+\\S+:(\\d+)\\s.*pid=(\\d+),");

  private static final Pattern CARRIED = Pattern.compile("bytes_(?:sent|received):(\\d+)");

  private Connections() {}

  /**
   * Resets all TCP connections of a process.
   *
   * @return whether there was one; false where there is no {@code ss}, or it may not
   */
  static boolean cut(long pid) throws IOException, InterruptedException {
    boolean isCut = false;
    for (String line : ss(List.of("-Htnp", "state", "established"))) {
      Matcher socket = SOCKET.matcher(line);
      if (socket.find() && Long.parseLong(socket.group(3)) == pid) {
        String which = "sport = :" + socket.group(1) + " and dport = :" + socket.group(2);
        isCut |= !ss(List.of("-KHtn", which)).isEmpty();
      }
    }
    return isCut;
  }

  /** How many bytes the connections of a process have carried, both ways. */
  static long bytes(long pid) throws IOException, InterruptedException {
    long bytes = 0;
    boolean isOurs = false;
    for (String line : ss(List.of("-Htinp", "state", "established"))) {
      if (line.contains("users:")) {
        isOurs = line.contains("pid=" + pid + ",");
      }
      Matcher carried = CARRIED.matcher(line);
      while (isOurs && carried.find()) {
        bytes += Long.parseLong(carried.group(1));
      }
    }
    return bytes;
  }

  private static List<String> ss(List<String> arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("ss");
    builder.command().addAll(arguments);
    Process process;
    try {
      process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return List.of(); // there is none
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed.lines().toList();
  }
}
