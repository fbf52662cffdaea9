package dev.procpool.cli.input;

import com.fasterxml.jackson.core.JsonParser;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.value.JsonConverter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of several rows each, the last of fewer. A broken row ends a batch and stands alone. Used by
 * one thread at a time.
 */
final class BatchedRows implements Rows {

  private final Rows rows;
  private final int most;
  private @Nullable Row ahead;

  BatchedRows(Rows rows, int most) {
    this.rows = rows;
    this.most = most;
  }

  @Override
  public OptionalLong size() {
    OptionalLong size = rows.size();
    return size.isPresent()
        ? OptionalLong.of((size.getAsLong() + most - 1) / most)
        : OptionalLong.empty();
  }

  @Override
  public boolean hasNext() {
    return ahead != null || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row first = take();
    if (first.kind() == Row.Kind.BROKEN) {
      return first;
    }
    List<String> texts = new ArrayList<>(List.of(first.text()));
    while (texts.size() < most && hasNext()) {
      Row row = take();
      if (row.kind() == Row.Kind.BROKEN) {
        ahead = row;
        break;
      }
      texts.add(row.text());
    }
    return switch (first.kind()) {
      case JSON -> Row.of(first.line(), Row.Kind.JSON, "[" + String.join(",", texts) + "]");
      case LINE -> new Row(first.line(), Row.Kind.BATCH, texts);
      default -> new Row(0, Row.Kind.BATCH, texts);
    };
  }

  /** Takes a row; one that is not just one JSON value would become several in an array. */
  private Row take() {
    Row row = ahead == null ? rows.next() : ahead;
    ahead = null;
    if (row.kind() != Row.Kind.JSON) {
      return row;
    }
    try (JsonParser parser = JsonConverter.mapper().createParser(row.text())) {
      parser.nextToken();
      parser.skipChildren();
      if (parser.nextToken() == null) {
        return row;
      }
      return Row.broken(row.line(), row.text(), "more than one JSON value in the line");
    } catch (IOException e) {
      return Row.broken(row.line(), row.text(), "not JSON");
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
