package dev.procpool.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Locale;

/** The attributes of spans and metrics, in the style of the semantic conventions. */
final class Names {

  /** What instruments: the name of tracers and meters. */
  static final String SCOPE = "dev.procpool";

  static final AttributeKey<String> POOL = AttributeKey.stringKey("procpool.pool.name");
  static final AttributeKey<String> LABEL = AttributeKey.stringKey("procpool.call.label");
  static final AttributeKey<Long> CALL = AttributeKey.longKey("procpool.call.number");
  static final AttributeKey<Long> ITEMS = AttributeKey.longKey("procpool.call.items");
  static final AttributeKey<Long> DONE = AttributeKey.longKey("procpool.call.done");
  static final AttributeKey<Long> FAILED = AttributeKey.longKey("procpool.call.failed");
  static final AttributeKey<Long> UNSEEN = AttributeKey.longKey("procpool.call.items_without_span");
  static final AttributeKey<Long> INDEX = AttributeKey.longKey("procpool.item.index");
  static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("procpool.item.attempts");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("procpool.item.outcome");
  static final AttributeKey<String> LIMIT = AttributeKey.stringKey("procpool.item.limit");
  static final AttributeKey<Double> DELAY = AttributeKey.doubleKey("procpool.item.retry_delay");
  static final AttributeKey<Long> WORKER = AttributeKey.longKey("procpool.worker.number");
  static final AttributeKey<String> STATE = AttributeKey.stringKey("procpool.worker.state");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("procpool.worker.end_reason");
  static final AttributeKey<String> DIRECTION = AttributeKey.stringKey("procpool.io.direction");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<Long> PID = AttributeKey.longKey("process.pid");
  static final AttributeKey<String> HOST = AttributeKey.stringKey("host.name");

  private Names() {}

  /** A constant's name as the value of an attribute. */
  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
