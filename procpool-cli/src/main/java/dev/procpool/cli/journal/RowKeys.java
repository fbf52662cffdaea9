package dev.procpool.cli.journal;

import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.files.Sha256;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.TextConverter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.List;

/**
 * Makes the keys of rows: from the fields, the columns' names and whether a row is spread, since
 * these decide the arguments; for a file from its path, size and time of change. One thread.
 */
public final class RowKeys {

  private final MessageDigest digest = Sha256.begin();
  private final boolean areFiles;
  private final byte[] seed;

  /**
   * Makes it.
   *
   * @param mode whether a row is spread
   * @param header the columns' names
   * @param areFiles whether what a row begins with, or each part of a batch, is the path of a file
   */
  public RowKeys(Mode mode, List<String> header, boolean areFiles) {
    this.areFiles = areFiles;
    add(mode.name());
    header.forEach(this::add);
    seed = digest.digest();
  }

  public RowKey of(Row row) {
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
}
