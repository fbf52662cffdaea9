package dev.procpool.spi;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The class loader of a task that another JVM has sent: it loads nothing here. Workers ask for the
 * task's classes, and the questions are passed on to whoever sent it.
 *
 * <p>Make one for each {@linkplain EncodedTask#loader number} of a sender and use it for all its
 * tasks of that number: workers load a class once for each. Once nobody holds it any more, workers
 * let go of what they have loaded for it. Thread-safe if the sender is.
 *
 * @since 0.2.0
 */
public final class RemoteClasses extends ClassLoader {

  private final long number;
  private final UnaryOperator<byte[]> sender;

  /**
   * Makes one.
   *
   * @param number the loader's number with the sender
   * @param sender passes a question on and gives the answer of the sender's {@code
   *     CallEncoder.answer}; it may wait for it, and throw
   */
  public RemoteClasses(long number, UnaryOperator<byte[]> sender) {
    super("procpool-sender-" + number, null);
    this.number = number;
    this.sender = Objects.requireNonNull(sender, "sender");
  }

  /**
   * Gives the loader's number with the sender.
   *
   * @return the number
   */
  public long number() {
    return number;
  }

  /**
   * Asks the sender.
   *
   * @param question the question
   * @return the answer
   */
  public byte[] ask(byte[] question) {
    return sender.apply(question);
  }
}
