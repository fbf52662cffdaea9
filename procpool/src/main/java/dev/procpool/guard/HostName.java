package dev.procpool.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The name of this machine, as its kernel has it: no name server is asked, which may take seconds.
 * Read once, when somebody wants to know. Thread-safe.
 */
public final class HostName {

  private static final String OF_THIS_MACHINE = find();

  private HostName() {}

  /** Gives this machine's name; {@code localhost} if it does not tell. */
  public static String ofThisMachine() {
    return OF_THIS_MACHINE;
  }

  private static String find() {
    return Stream.of(ofKernel(), ofVariable("HOSTNAME"), ofVariable("COMPUTERNAME"))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("localhost");
  }

  private static String ofKernel() {
    try {
      byte[] name = SystemFile.read("/proc/sys/kernel/hostname");
      return new String(name, StandardCharsets.UTF_8).strip();
    } catch (IOException | SecurityException e) {
      return "";
    }
  }

  private static String ofVariable(String variable) {
    String name = System.getenv(variable);
    return name == null ? "" : name.strip();
  }
}
