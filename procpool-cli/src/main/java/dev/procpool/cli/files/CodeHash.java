package dev.procpool.cli.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A hash of all that a class path holds: of jars their bytes, of folders the names and bytes of
 * their files. Where they lie does not count. Stateless.
 */
public final class CodeHash {

  private CodeHash() {}

  public static String of(ClassPath classPath) throws IOException {
    MessageDigest digest = Sha256.begin();
    for (Path entry : classPath.entries()) {
      if (Files.isDirectory(entry)) {
        for (Path file : filesIn(entry)) {
          add(digest, entry.relativize(file).toString(), file);
        }
      } else {
        add(digest, "", entry);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void add(MessageDigest digest, String name, Path file) throws IOException {
    digest.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
    byte[] buffer = new byte[1 << 16];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }
}
