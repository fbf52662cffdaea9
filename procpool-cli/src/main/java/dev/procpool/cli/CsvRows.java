package dev.procpool.cli;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;

/** The rows of CSV or TSV text. Used by one thread at a time. */
final class CsvRows implements Rows {

  private final CloseableIterator<CsvRecord> records;
  private final List<String> header;

  CsvRows(Reader text, Format format, boolean hasHeader) {
    this.records =
        CsvReader.builder()
            .fieldSeparator(format == Format.tsv ? '\t' : ',')
            .skipEmptyLines(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .trimWhitespacesAroundQuotes(true)
            .ofCsvRecord(text)
            .iterator();
    this.header =
        hasHeader && records.hasNext()
            ? records.next().getFields().stream().map(String::strip).toList()
            : List.of();
  }

  @Override
  public List<String> header() {
    return header;
  }

  @Override
  public boolean hasNext() {
    return records.hasNext();
  }

  @Override
  public Row next() {
    CsvRecord next = records.next();
    return new Row(next.getStartingLineNumber(), Row.Kind.FIELDS, next.getFields());
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
