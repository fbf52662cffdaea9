package dev.procpool.slf4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.spi.AbstractLogger;
import org.jspecify.annotations.Nullable;

/** A Log4j logger in a worker: sends to the parent's logger of its name. Thread-safe. */
final class WorkerLog4jLogger extends AbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient ParentLogger parent; // a logger is not for sending

  WorkerLog4jLogger(String name) {
    super(name);
    this.parent = new ParentLogger(Log4jBridge.NAME, name);
  }

  WorkerLog4jLogger(String name, MessageFactory messages) {
    super(name, messages);
    this.parent = new ParentLogger(Log4jBridge.NAME, name);
  }

  @Override
  public void logMessage(
      String fqcn,
      Level level,
      @Nullable Marker marker,
      Message message,
      @Nullable Throwable thrown) {
    parent.send(
        Log4jLevels.of(level),
        String.valueOf(message.getFormattedMessage()),
        thrown,
        names(marker),
        Map.of());
  }

  /** Its name, and those of its parents. */
  private static List<String> names(@Nullable Marker marker) {
    if (marker == null) {
      return List.of();
    }
    List<Marker> open = new ArrayList<>(List.of(marker));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) { // it grows; Log4j has no circles of markers
      names.add(open.get(i).getName());
      Marker[] parents = open.get(i).getParents();
      open.addAll(parents == null ? List.of() : List.of(parents));
    }
    return names;
  }

  @Override
  public Level getLevel() {
    for (System.Logger.Level level : System.Logger.Level.values()) {
      if (level != System.Logger.Level.ALL
          && level != System.Logger.Level.OFF
          && parent.takes(level)) {
        return Log4jLevels.of(level);
      }
    }
    return Level.OFF;
  }

  private boolean takes(Level level) {
    return parent.takes(Log4jLevels.of(level));
  }

  // ------------------------------------------------------------------ Log4j asks in many ways

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, Message message, @Nullable Throwable thrown) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, CharSequence message, @Nullable Throwable thrown) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, @Nullable Object message, @Nullable Throwable thrown) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, String message, @Nullable Throwable thrown) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(Level level, @Nullable Marker marker, String message) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, String message, Object... arguments) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, String message, @Nullable Object p0) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7,
      @Nullable Object p8) {
    return takes(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7,
      @Nullable Object p8,
      @Nullable Object p9) {
    return takes(level);
  }
}
