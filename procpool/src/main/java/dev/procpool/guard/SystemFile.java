package dev.procpool.guard;

import java.io.FileInputStream;
import java.io.IOException;

/**
 * Reads small files of the system's, whoever interrupts: by a stream, as a channel fails on a
 * thread that is interrupted.
 */
public final class SystemFile {

  private SystemFile() {}

  /**
   * Reads a file. Without {@code try (…)}: where there is no memory, reading and closing may throw
   * the very same error, which that then adds to itself, and throws an exception of another kind.
   *
   * @param file its path
   * @return what is in it
   * @throws IOException if it can't be read
   */
  @SuppressWarnings("resource") // it is closed
  public static byte[] read(String file) throws IOException {
    FileInputStream in = new FileInputStream(file);
    try {
      return in.readAllBytes();
    } finally {
      in.close();
    }
  }
}
