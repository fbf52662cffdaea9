package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A ring of bytes in shared memory, from one producer to one consumer, each in a process of its
 * own: a pipe without system calls.
 *
 * <p>Bytes are written, then the tail is published with release order; the consumer reads the tail
 * with acquire order, then the bytes. So what a producer published before it was killed is there to
 * be read. Counters only grow; their low bits are the place.
 *
 * <p>Much is copied and published in pieces, so that both sides copy at the same time.
 *
 * <p>Sleeping: a side that is about to wait says so in a word, then, after a full fence, looks once
 * more at the other's counter. The other side changes its counter, then, after a full fence, looks
 * at that word. So at least one of them sees the other and no wake-up is lost (as in Dekker's
 * algorithm); who sees the word clears it and rings the bell.
 *
 * <p>Neither end believes the other: a counter that makes no sense is an {@link IOException}, and
 * no counter can make an access leave the ring. Each end belongs to one thread at a time.
 */
final class Ring {

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;
  private final int words;
  private final int bytes;
  private final int capacity;

  /**
   * Describes a ring.
   *
   * @param memory holds it
   * @param words where its words begin
   * @param bytes where its bytes begin
   * @param capacity how many bytes; a power of two
   */
  Ring(ByteBuffer memory, int words, int bytes, int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity must be a power of two: " + capacity);
    }
    this.memory = memory;
    this.words = words;
    this.bytes = bytes;
    this.capacity = capacity;
  }

  Producer producer() {
    return new Producer(this);
  }

  Consumer consumer() {
    return new Consumer(this);
  }

  private long acquire(int word) {
    return (long) LONG.getAcquire(memory, words + word);
  }

  private void release(int word, long value) {
    LONG.setRelease(memory, words + word, value);
  }

  /** Says that this side is about to wait. */
  private void announce(int word) {
    LONG.setVolatile(memory, words + word, 1L);
    VarHandle.fullFence();
  }

  private boolean isSet(int word) {
    return (long) LONG.getOpaque(memory, words + word) != 0;
  }

  /**
   * After a change of this side's counter and a full fence: takes the other's word that it waits.
   */
  private boolean take(int word) {
    if (!isSet(word)) {
      return false;
    }
    LONG.setOpaque(memory, words + word, 0L);
    return true;
  }

  private int used(long tail, long head) throws IOException {
    long used = tail - head;
    if (used < 0 || used > capacity) {
      throw new IOException(
          "the ring is damaged: " + tail + " bytes written and " + head + " read of " + capacity);
    }
    return (int) used;
  }

  /** The writing end. */
  static final class Producer implements ByteSink {

    private final Ring ring;

    /** Our own counter, and the other's as it was seen last. */
    private long tail;

    private long head;

    private Producer(Ring ring) {
      this.ring = ring;
    }

    /** Tells whether so many bytes can be written now. */
    boolean hasRoom(int wanted) throws IOException {
      if (ring.capacity - (tail - head) >= wanted) {
        return true;
      }
      head = ring.acquire(MemoryLayout.HEAD);
      return ring.capacity - ring.used(tail, head) >= wanted;
    }

    /** Tells whether anything can be written now; a damaged ring counts as room. */
    boolean hasAnyRoom() {
      long free = ring.capacity - (tail - head);
      if (free == 0) {
        head = ring.acquire(MemoryLayout.HEAD);
        free = ring.capacity - (tail - head);
      }
      return free != 0;
    }

    /** Writes what there is room for, also by then, and publishes it piece by piece. */
    @Override
    public int write(ByteBuffer from) throws IOException {
      int before = from.position();
      int count;
      do {
        int wanted = Math.min(from.remaining(), MemoryLayout.PIECE_BYTES);
        hasRoom(wanted); // looks at the other's counter if need be
        count = Math.min(wanted, ring.capacity - (int) (tail - head));
        if (count > 0) {
          put(from.array(), from.arrayOffset() + from.position(), count);
          from.position(from.position() + count);
          publish();
        }
      } while (count > 0 && from.hasRemaining());
      return from.position() - before;
    }

    /** Adds bytes, for which there must be room; {@link #publish} shows them. */
    void put(byte[] from, int offset, int count) {
      int at = (int) tail & (ring.capacity - 1);
      int first = Math.min(count, ring.capacity - at);
      ring.memory.put(ring.bytes + at, from, offset, first);
      if (first < count) {
        ring.memory.put(ring.bytes, from, offset + first, count - first);
      }
      tail += count;
    }

    /** Shows the consumer what was added. */
    void publish() {
      ring.release(MemoryLayout.TAIL, tail);
    }

    /** After a write: takes the request of a consumer for the bell; false if there is none. */
    boolean takeBellRequest() {
      VarHandle.fullFence();
      return takeBellRequestAfterFence();
    }

    /**
     * The same for one who has passed a full fence since the write. A consumer that sleeps again
     * after it has read everything wants no bell.
     */
    boolean takeBellRequestAfterFence() {
      return ring.isSet(MemoryLayout.ASLEEP)
          && ring.acquire(MemoryLayout.HEAD) != tail
          && ring.take(MemoryLayout.ASLEEP);
    }

    /**
     * Asks for the bell when there is room.
     *
     * @return false if there is room now
     */
    boolean waitForRoom() throws IOException {
      ring.announce(MemoryLayout.WANTS_ROOM);
      head = ring.acquire(MemoryLayout.HEAD);
      return ring.used(tail, head) == ring.capacity;
    }
  }

  /** The reading end. */
  static final class Consumer implements ByteSource {

    private final Ring ring;

    /** Our own counter, and the other's as it was seen last. */
    private long head;

    private long tail;

    private Consumer(Ring ring) {
      this.ring = ring;
    }

    /** Tells whether nothing can be read now. */
    boolean isEmpty() {
      if (tail == head) {
        tail = ring.acquire(MemoryLayout.TAIL);
      }
      return tail == head;
    }

    /** The same for a thread that is not the one that reads now: changes nothing. */
    boolean looksEmpty() {
      return ring.acquire(MemoryLayout.TAIL) == head;
    }

    /** Reads what is there, also by then, and makes room piece by piece. */
    @Override
    public int read(ByteBuffer into) throws IOException {
      int before = into.position();
      int count;
      do {
        tail = ring.acquire(MemoryLayout.TAIL);
        int wanted = Math.min(into.remaining(), MemoryLayout.PIECE_BYTES);
        count = Math.min(wanted, ring.used(tail, head));
        if (count > 0) {
          get(into.array(), into.arrayOffset() + into.position(), count);
          into.position(into.position() + count);
          ring.release(MemoryLayout.HEAD, head);
        }
      } while (count == MemoryLayout.PIECE_BYTES && into.hasRemaining());
      return into.position() - before;
    }

    private void get(byte[] into, int offset, int count) {
      int at = (int) head & (ring.capacity - 1);
      int first = Math.min(count, ring.capacity - at);
      ring.memory.get(ring.bytes + at, into, offset, first);
      if (first < count) {
        ring.memory.get(ring.bytes, into, offset + first, count - first);
      }
      head += count;
    }

    /** After a read: takes the request of a producer for the bell; false if there is none. */
    boolean takeBellRequest() {
      VarHandle.fullFence();
      return ring.take(MemoryLayout.WANTS_ROOM);
    }

    /**
     * Asks for the bell when bytes come.
     *
     * @return false if some are there now; then {@link #awake} is called for
     */
    boolean sleep() {
      ring.announce(MemoryLayout.ASLEEP);
      return looksEmpty();
    }

    /** Asks no more for the bell. */
    void awake() {
      ring.release(MemoryLayout.ASLEEP, 0L);
    }
  }
}
