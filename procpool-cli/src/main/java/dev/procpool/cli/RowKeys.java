package dev.procpool.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Makes the keys of rows: from the fields, the columns' names and whether a row is spread, since
 * these decide the arguments; for a file from its path, size and time of change. One thread.
 */
final class RowKeys {

  private final MessageDigest digest = sha256();
  private final boolean areFiles;
  private final byte[] seed;

  /**
   * Makes it.
   *
   * @param mode whether a row is spread
   * @param header the columns' names
   * @param byPosition whether these mean nothing
   * @param areFiles whether what a row begins with, or each part of a batch, is the path of a file
   */
  RowKeys(Mode mode, List<String> header, boolean byPosition, boolean areFiles) {
    this.areFiles = areFiles;
    add(mode.name());
    header.forEach(this::add);
    if (byPosition && !header.isEmpty()) {
      add(-1); // no text is as long
    }
    seed = digest.digest();
  }

  RowKey of(Row row) {
    digest.update(seed);
    add(row.kind().name());
    row.fields().forEach(this::add);
    if (areFiles && row.kind() == Row.Kind.BATCH) {
      row.fields().forEach(this::addFile);
    } else if (areFiles && row.kind() != Row.Kind.BROKEN) {
      addFile(row.text()); // what --with adds comes after it
    }
    return RowKey.of(digest.digest());
  }

  /** Adds a text with its length before it, so that {@code ab,c} is not {@code a,bc}. */
  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    digest.update(bytes);
  }

  private void add(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }

  private void addFile(String name) {
    try {
      BasicFileAttributes file =
          Files.readAttributes(TextConverter.toPath(name), BasicFileAttributes.class);
      add(file.size());
      add(file.lastModifiedTime().toMillis());
    } catch (IOException | InvalidPathException gone) {
      add(-1); // its item will say so
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
