package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.LevelMessage;
import dev.procpool.protocol.ToParent;
import dev.procpool.spi.LogEvent;
import dev.procpool.spi.LogThreshold;
import dev.procpool.spi.WorkerLogs;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this worker knows of the loggers of its parent: their levels, each asked for once. {@link
 * Inbox} brings the answers, and changes. Thread-safe.
 */
final class ParentLoggers implements WorkerLogs {

  private static final long ANSWER_SECONDS = 10;

  /** A logger of the parent; open until its level is known. */
  private record Known(LogThreshold threshold, CountDownLatch answered) {}

  private final WorkerChannel channel;
  private final LogSender sender;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** How many the names have that were asked for. */
  private final AtomicLong chars = new AtomicLong();

  /** Whether an answer was waited for in vain: then nobody waits until one comes. */
  private volatile boolean isLate;

  ParentLoggers(WorkerChannel channel, LogSender sender) {
    this.channel = channel;
    this.sender = sender;
  }

  @Override
  public void send(String bridge, LogEvent event) {
    sender.send(bridge, event);
  }

  @Override
  public LogThreshold threshold(String bridge, String logger) {
    String name = askedFor(logger);
    Known one = known.get(key(bridge, name));
    if (one == null) {
      Known made = new Known(new LogThreshold(System.Logger.Level.INFO), new CountDownLatch(1));
      one = known.putIfAbsent(key(bridge, name), made);
      if (one == null) {
        one = made;
        chars.addAndGet(name.length());
        ask(bridge, name);
      }
    }
    await(one);
    return one.threshold();
  }

  /** A name that is too long, or one too many, goes with those above it in the hierarchy. */
  private String askedFor(String logger) {
    String name = logger;
    if (name.length() > LevelMessage.MAX_NAME_CHARS) {
      name = name.substring(0, name.lastIndexOf('.', LevelMessage.MAX_NAME_CHARS) + 1);
    }
    boolean mayAsk =
        known.size() < LevelMessage.MAX_QUESTIONS / 2
            && chars.get() < LevelMessage.MAX_CHARS / 2; // several threads may be at it
    return mayAsk ? name : "";
  }

  private void ask(String bridge, String logger) {
    ByteOutput out = new ByteOutput(128, Long.MAX_VALUE);
    LevelMessage.question(bridge, logger).write(out);
    try {
      channel.send(ToParent.LEVEL, out.array(), out.size());
    } catch (IOException e) {
      // the pool is gone; the inbox ends the process
    }
  }

  private void await(Known one) {
    if (one.answered().getCount() == 0 || isLate || LogCredit.isOfThePool()) {
      return;
    }
    try {
      if (!one.answered().await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        isLate = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes an answer, or the news of a change. Called by the inbox. */
  void told(LevelMessage message) {
    isLate = false;
    Known one = known.get(key(message.bridge(), message.logger()));
    if (one != null) {
      one.threshold().set(message.level());
      one.answered().countDown();
    }
  }

  private static String key(String bridge, String logger) {
    return bridge + '\0' + logger;
  }
}
