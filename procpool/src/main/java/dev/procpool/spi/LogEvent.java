package dev.procpool.spi;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log record between a worker and its parent, in the terms that logging libraries have in common.
 * Immutable.
 *
 * @param time when it was logged
 * @param level its level
 * @param logger the logger's name; empty for the root logger
 * @param message the formatted message; cut after 16,384 characters on its way
 * @param thrown what was logged with it
 * @param thread the name of the thread that logged
 * @param mdc the thread's mapped diagnostic context; of {@code mdc}, {@code markers} and {@code
 *     keyValues} texts are cut after 4,096 characters, and what exceeds 64 KiB for them all is left
 *     out
 * @param markers the names of its markers, and of those that they refer to
 * @param keyValues its key-value pairs in order; a value is a string, a boolean, an {@code
 *     Integer}, {@code Long}, {@code Float} or {@code Double}, or the text of something else
 * @since 0.2.0
 */
public record LogEvent(
    Instant time,
    System.Logger.Level level,
    String logger,
    String message,
    Optional<Throwable> thrown,
    String thread,
    Map<String, String> mdc,
    List<String> markers,
    Map<String, Object> keyValues) {

  /** The {@code mdc} key under which the parent's side has the worker's number in its pool. */
  public static final String WORKER = "procpool.worker";

  /** The {@code mdc} key under which the parent's side has the call's label, or its number. */
  public static final String CALL = "procpool.call";

  /** The {@code mdc} key under which the parent's side has the item's index in its call. */
  public static final String ITEM = "procpool.item";

  /** Copies the maps and the list; maps keep their order. */
  public LogEvent {
    mdc = Collections.unmodifiableMap(new LinkedHashMap<>(mdc));
    markers = List.copyOf(markers);
    keyValues = Collections.unmodifiableMap(new LinkedHashMap<>(keyValues));
  }
}
