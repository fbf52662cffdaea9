package dev.procpool.slf4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.spi.ExtendedLogger;
import org.apache.logging.log4j.spi.LoggerContext;
import org.jspecify.annotations.Nullable;

/** A worker's Log4j loggers, one of a name and a way to make messages. Thread-safe. */
final class WorkerLog4jContext implements LoggerContext {

  private record Key(String name, @Nullable MessageFactory messages) {}

  private final Map<Key, ExtendedLogger> loggers = new ConcurrentHashMap<>();

  @Override
  public @Nullable Object getExternalContext() {
    return null;
  }

  @Override
  public ExtendedLogger getLogger(String name) {
    return getLogger(name, null);
  }

  @Override
  public ExtendedLogger getLogger(String name, @Nullable MessageFactory messages) {
    return loggers.computeIfAbsent(
        new Key(name, messages),
        key ->
            messages == null ? new WorkerLog4jLogger(name) : new WorkerLog4jLogger(name, messages));
  }

  @Override
  public boolean hasLogger(String name) {
    return hasLogger(name, (MessageFactory) null);
  }

  @Override
  public boolean hasLogger(String name, @Nullable MessageFactory messages) {
    return loggers.containsKey(new Key(name, messages));
  }

  @Override
  public boolean hasLogger(String name, Class<? extends MessageFactory> messages) {
    return loggers.keySet().stream()
        .anyMatch(key -> key.name().equals(name) && messages.isInstance(key.messages()));
  }
}
