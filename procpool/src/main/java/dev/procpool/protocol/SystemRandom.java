package dev.procpool.protocol;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What nobody can guess, from the system itself where that can be: setting up the JDK's generator
 * takes longer than all else before the first process can be started. Named after Python's {@code
 * random.SystemRandom}. Thread-safe.
 */
public final class SystemRandom {

  private static final String DEVICE = "/dev/urandom";

  /** As many as a random UUID has. */
  private static final int WORD_BYTES = 16;

  private SystemRandom() {}

  /**
   * Gives random bytes.
   *
   * @param count how many
   */
  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    try {
      InputStream system = new FileInputStream(DEVICE);
      try { // no try (…): see ProcFiles.read
        if (system.readNBytes(bytes, 0, count) == count) {
          return bytes;
        }
      } finally {
        system.close();
      }
    } catch (IOException e) {
      // not a Unix
    }
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Gives a random word, of digits and small letters, that no other process has. */
  public static String word() {
    return HexFormat.of().formatHex(bytes(WORD_BYTES));
  }
}
