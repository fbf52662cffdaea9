package dev.procpool.cli;

import dev.procpool.cli.pool.Pools;
import dev.procpool.cli.terminal.Streams;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import picocli.CommandLine;

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
    CommandLine program = Procpool.commandLine(streams, Pools.processes());
    int exitCode = program.execute(args);
    boolean lost = program.getOut().checkError(); // of a help text: results have their own way
    System.exit(exitCode == 0 && lost ? Procpool.BROKEN_OFF : exitCode);
  }
}
