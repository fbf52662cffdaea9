// bin/procpool map examples/jobs/Digests.java::digest --files 'photos/**' --out digests.jsonl

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of each file of a tree, of any size. */
public class Digests {

  /** One file's. */
  public record Digest(long bytes, String sha256) {}

  /** Reads a file. */
  public static Digest digest(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      long bytes = in.transferTo(OutputStream.nullOutputStream());
      return new Digest(bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }
}
