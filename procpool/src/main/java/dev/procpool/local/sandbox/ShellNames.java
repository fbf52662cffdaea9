package dev.procpool.local.sandbox;

import dev.procpool.jvm.Encodings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * Variables whose names are none for a shell, such as {@code spring.profiles.active}: some shells
 * don't hand them on to what they start. {@code Bubblewrap} sets them anew, by options in a file,
 * since the whole machine may read a command line.
 */
public final class ShellNames {

  private ShellNames() {}

  /** Gives the variables that a shell may lose. */
  public static Map<String, String> lost(Map<String, String> environment) {
    Map<String, String> lost = new TreeMap<>(environment);
    lost.keySet().removeIf(name -> isName(name) || name.isEmpty() || name.indexOf('=') >= 0);
    return lost;
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      if (!isLetter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Writes bubblewrap's options that set them. */
  public static void write(Map<String, String> lost, Path file) throws IOException {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    for (Map.Entry<String, String> one : lost.entrySet()) {
      String words = "--setenv\0" + one.getKey() + '\0' + one.getValue() + '\0';
      options.writeBytes(words.getBytes(Encodings.ofNames()));
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, options.toByteArray());
  }
}
