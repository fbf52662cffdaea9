package dev.procpool.slf4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** An SLF4J logger in a worker: sends to the parent's logger of its name. Thread-safe. */
final class WorkerLogger extends LegacyAbstractLogger implements LoggingEventAware {

  private static final long serialVersionUID = 1L;

  private final transient ParentLogger parent; // a copy becomes the receiver's own: readResolve

  WorkerLogger(String name) {
    this.name = name;
    this.parent = new ParentLogger(Slf4jBridge.NAME, name);
  }

  @Override
  public boolean isTraceEnabled() {
    return parent.takes(System.Logger.Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return parent.takes(System.Logger.Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return parent.takes(System.Logger.Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return parent.takes(System.Logger.Level.WARNING);
  }

  @Override
  public boolean isErrorEnabled() {
    return parent.takes(System.Logger.Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    send(level, pattern, arguments, thrown, marker == null ? List.of() : List.of(marker), null);
  }

  @Override
  public void log(LoggingEvent event) {
    send(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        event.getThrowable(),
        event.getMarkers(),
        event.getKeyValuePairs());
  }

  private void send(
      Level level,
      @Nullable String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown,
      @Nullable List<Marker> markers,
      @Nullable List<KeyValuePair> pairs) {
    Throwable cause = thrown != null ? thrown : MessageFormatter.getThrowableCandidate(arguments);
    String message = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
    parent.send(WorkerLevels.of(level), message, cause, names(markers), values(pairs));
  }

  /** Their names, and those of the markers that they refer to. */
  private static List<String> names(@Nullable List<Marker> markers) {
    if (markers == null || markers.isEmpty()) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    List<Marker> open = new ArrayList<>(markers);
    for (int i = 0; i < open.size(); i++) { // it grows
      Marker marker = open.get(i);
      if (names.add(marker.getName())) {
        for (Iterator<Marker> its = marker.iterator(); its.hasNext(); ) {
          open.add(its.next());
        }
      }
    }
    return List.copyOf(names);
  }

  private static Map<String, Object> values(@Nullable List<KeyValuePair> pairs) {
    if (pairs == null || pairs.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (KeyValuePair pair : pairs) {
      values.put(String.valueOf(pair.key), pair.value == null ? "null" : pair.value);
    }
    return values;
  }
}
