package dev.procpool.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** The program: runs the command line and ends the JVM with its exit code. */
public final class Main {

  private Main() {}

  /**
   * Runs the command line.
   *
   * @param args the arguments, as {@code --help} explains them
   */
  public static void main(String[] args) {
    // Not System.out: a PrintStream hides that the reader of a pipe has gone.
    Streams streams = new Streams(System.in, new FileOutputStream(FileDescriptor.out), System.err);
    System.setOut(System.err); // what tasks print must not come between the results
    int exitCode = Procpool.commandLine(streams, Pools.processes()).execute(args);
    System.exit(exitCode);
  }
}
