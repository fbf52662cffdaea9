package dev.procpool.cli.input;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the input's text means. */
public enum Format {
  /** Comma-separated values, RFC 4180. */
  csv,
  /** Tab-separated values, quoted as CSV. */
  tsv,
  /** One JSON value a line. */
  jsonl,
  /** One item a line. */
  lines;

  private static final Pattern PACKED = Pattern.compile("\\.(gz|xz|zst|bz2)$");

  /** Tells the format from a file's name; {@code .gz} and its like are passed over. */
  public static Optional<Format> of(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    name = PACKED.matcher(name).replaceFirst("");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> Optional.of(csv);
      case "tsv", "tab" -> Optional.of(tsv);
      case "jsonl", "ndjson", "json" -> Optional.of(jsonl);
      default -> Optional.empty();
    };
  }
}
