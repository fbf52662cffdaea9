package dev.procpool.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.procpool.PoolStats;
import dev.procpool.spi.WorkerName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a view is about: its pools and whether its readers may act. Thread-safe. */
final class ViewInfo {

  /** This machine's name, as workers have it. */
  static final String HOST = WorkerName.ofThisMachine(0).host();

  private final boolean allowsActions;
  private final List<PoolFold> folds = new CopyOnWriteArrayList<>();

  ViewInfo(boolean allowsActions) {
    this.allowsActions = allowsActions;
  }

  boolean allowsActions() {
    return allowsActions;
  }

  void add(PoolFold fold) {
    folds.add(fold);
  }

  /** The pool with such a position. */
  PoolFold fold(int position) {
    return folds.get(position);
  }

  int size() {
    return folds.size();
  }

  /** Writes what a message has of this. */
  void write(JsonGenerator json) throws IOException {
    json.writeBooleanField("actions", allowsActions);
    json.writeStringField("host", HOST);
    json.writeNumberField("jvm", ProcessHandle.current().pid());
    json.writeStringField("java", Runtime.version().toString());
    json.writeArrayFieldStart("pools");
    for (PoolFold fold : folds) {
      PoolStats stats = fold.latest();
      json.writeStartObject();
      json.writeStringField("name", stats == null ? "" : stats.pool());
      json.writeStringField("state", fold.state().name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
