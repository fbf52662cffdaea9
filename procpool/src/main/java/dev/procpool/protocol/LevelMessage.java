package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * A worker's question what the parent's logger of a name takes, and the pool's answer. The pool
 * says it again when it changes.
 *
 * @param bridge the {@link dev.procpool.spi.LogBridge} that is meant
 * @param logger the logger's name
 * @param level the lowest level that it takes; of no meaning in a question
 */
public record LevelMessage(String bridge, String logger, System.Logger.Level level) {

  /** The most characters of a name, for a question to be asked. */
  public static final int MAX_NAME_CHARS = 1024;

  /** How many questions a worker may ask. */
  public static final int MAX_QUESTIONS = 20_000;

  /** How many characters the names in all its questions may have. */
  public static final int MAX_CHARS = 2 * 1024 * 1024;

  /**
   * Makes a question.
   *
   * @param bridge the bridge's name
   * @param logger the logger's name
   * @return the question
   */
  public static LevelMessage question(String bridge, String logger) {
    return new LevelMessage(bridge, logger, System.Logger.Level.INFO);
  }

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    LogFields.level(level, out);
    LogFields.text(bridge, out);
    LogFields.text(logger, out);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the question or answer
   * @throws ProtocolException if it makes no sense
   */
  public static LevelMessage read(ByteBuffer in) throws ProtocolException {
    System.Logger.Level level = LogFields.readLevel(in);
    String bridge = LogFields.readText(in);
    String logger = LogFields.readText(in);
    ProtocolException.check(
        logger.length() <= MAX_NAME_CHARS, "a logger's name of " + logger.length() + " characters");
    return new LevelMessage(bridge, logger, level);
  }
}
