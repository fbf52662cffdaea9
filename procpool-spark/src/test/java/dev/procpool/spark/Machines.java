package dev.procpool.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Machines with names of their own on this one: a process and those that it starts see another name
 * of the kernel's, by a namespace of it. Without state.
 */
public final class Machines {

  private static final List<String> NAMESPACE = List.of("unshare", "--uts");

  private Machines() {}

  /**
   * Tells whether this user may make them. Root may, elsewhere than in most containers.
   *
   * @return whether a process has the name that it is given
   * @throws InterruptedException if this thread was interrupted
   */
  public static boolean areThere() throws InterruptedException {
    List<String> command = new ArrayList<>(on("a.example"));
    command.add("true");
    try {
      Process tried =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return tried.waitFor(1, TimeUnit.MINUTES) && tried.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  /**
   * Starts a cluster whose Workers are on machines of some names.
   *
   * @param folder an empty folder for all that the cluster writes
   * @param coresEach how many cores each of the Workers claims to have
   * @param names those of the machines
   * @return the cluster
   * @throws IOException if a file can't be written or a process can't be started
   * @throws InterruptedException if this thread was interrupted
   * @throws AssertionError if a daemon is not up within two minutes
   */
  public static SparkCluster cluster(Path folder, int coresEach, String... names)
      throws IOException, InterruptedException {
    List<List<String>> machines = Stream.of(names).map(Machines::on).toList();
    return SparkCluster.start(folder, machines, coresEach, Map.of());
  }

  /** Begins the command of a process that is to be on a machine of such a name. */
  private static List<String> on(String name) {
    List<String> command = new ArrayList<>(NAMESPACE);
    // The shell becomes the process, which so keeps its identifier.
    command.addAll(List.of("sh", "-c", "hostname \"$0\" && exec \"$@\"", name));
    return command;
  }
}
