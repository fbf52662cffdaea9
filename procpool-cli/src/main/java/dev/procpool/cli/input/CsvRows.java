package dev.procpool.cli.input;

import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.text.LineReader;
import dev.procpool.cli.text.LineReader.Line;
import dev.procpool.cli.text.StrictReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of CSV or TSV text. Used by one thread at a time.
 *
 * <p>A row that is no CSV is given as a broken one, and reading goes on at the line after its
 * first. Whether that line starts a row or was text within the broken one's quotes, nobody knows:
 * so lines are broken, too, until one has as many fields as rows had, two at least, and no quote
 * but in pairs.
 */
final class CsvRows extends ReadRows {

  private final LineReader lines;
  private final char delimiter;
  private final int quote;
  private final List<String> header;

  /** The fields of the header, or of the first row; 0 until then. */
  private int width;

  /** The line of the broken row that what follows may belong to; 0 if there is none. */
  private long doubt;

  CsvRows(LineReader lines, char delimiter, int quote, boolean hasHeader) {
    this.lines = lines;
    this.delimiter = delimiter;
    this.quote = quote;
    this.header = hasHeader ? readHeader() : List.of();
    this.width = header.size();
  }

  private List<String> readHeader() {
    CsvRecord record = record();
    if (record == null) {
      return List.of();
    }
    String fault = fault(record);
    if (fault != null) {
      throw new UsageException(
          "INPUT: the header can't be read: line " + record.first().number() + ", " + fault);
    }
    return record.fields().stream().map(String::strip).toList();
  }

  /** Gives the next record that is not an empty line; null at the end. */
  private @Nullable CsvRecord record() {
    Line line = lines.next();
    while (line != null && line.text().isEmpty()) {
      line = lines.next();
    }
    return line == null ? null : new CsvRecord(lines, line, delimiter, quote);
  }

  private @Nullable String fault(CsvRecord record) {
    if (record.fault() != null) {
      return record.fault();
    }
    for (int i = 0; i < record.fields().size(); i++) {
      String fault = lines.fault(record.fields().get(i));
      if (fault != null) {
        return "field " + (i + 1) + ", " + fault;
      }
    }
    return null;
  }

  private Row row(CsvRecord record) {
    long number = record.first().number();
    String fault = fault(record);
    if (record.fault() != null) {
      doubt = number;
    } else if (doubt > 0 && !isSurelyRow(record)) {
      fault = "not run, for it may be a part of the broken row of line " + doubt;
    } else {
      doubt = 0;
      width = width == 0 ? record.fields().size() : width;
    }
    return fault == null
        ? new Row(number, Row.Kind.FIELDS, record.fields())
        : Row.broken(number, StrictReader.shown(record.first().text()), fault);
  }

  private boolean isSurelyRow(CsvRecord record) {
    int fields = record.fields().size();
    return fields > 1 && (width == 0 || fields == width) && !record.hasLooseQuote();
  }

  @Override
  public List<String> header() {
    return header;
  }

  @Override
  @Nullable Row read() {
    CsvRecord record = record();
    return record == null ? null : row(record);
  }

  @Override
  public void close() {
    lines.close();
  }
}
