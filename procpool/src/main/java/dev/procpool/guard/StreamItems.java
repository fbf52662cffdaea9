package dev.procpool.guard;

import java.util.Iterator;
import java.util.Objects;
import java.util.stream.BaseStream;

/**
 * The elements of a user's stream, read once, and how to close it. Reading belongs to one thread.
 *
 * @param <T> the type of the elements
 */
public final class StreamItems<T> implements Iterable<T> {

  private final BaseStream<? extends T, ?> stream;
  private final Iterator<? extends T> elements;

  /**
   * Begins to read a stream, of which nothing is taken yet.
   *
   * @param stream the stream
   * @throws IllegalStateException if it was read or closed before
   */
  public StreamItems(BaseStream<? extends T, ?> stream) {
    this.stream = Objects.requireNonNull(stream, "items");
    this.elements = stream.iterator();
  }

  @Override
  @SuppressWarnings("unchecked") // an iterator only gives
  public Iterator<T> iterator() {
    return (Iterator<T>) elements;
  }

  /** Closes the stream, once; throws what its handlers throw. */
  public void close() {
    stream.close(); // whose own state sees to "once"
  }
}
