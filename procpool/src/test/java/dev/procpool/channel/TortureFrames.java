package dev.procpool.channel;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A stream of frames that two processes know alike: sizes and bytes follow from a seed and the
 * frame's number. Most are small, some as large as a ring, a few larger. Immutable.
 *
 * @param kinds {@link #ALL}, {@link #SMALL} or {@link #PIECES}
 */
record TortureFrames(long seed, int kinds) {

  static final int ALL = 100;

  /** Frames of less than 8 kB. */
  static final int SMALL = 85;

  /** Frames that, with their headers, end about where a piece does, or a ring. */
  static final int PIECES = 1;

  /** What the worker's side reads as bodies: every so many frames one, of whatever size. */
  static final int BODY_TYPE = 3;

  /** Makes a frame, with room for its header before it. */
  byte[] frame(int number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    byte[] payload = new byte[size(random)];
    random.nextBytes(payload);
    byte[] frame = new byte[Frame.HEADER_BYTES + payload.length];
    System.arraycopy(payload, 0, frame, Frame.HEADER_BYTES, payload.length);
    return frame;
  }

  private int size(SplittableRandom random) {
    if (kinds == PIECES) {
      int pieces = 1 + random.nextInt(2 * MemoryLayout.RING_BYTES / MemoryLayout.PIECE_BYTES);
      return pieces * MemoryLayout.PIECE_BYTES - Frame.HEADER_BYTES - 2 + random.nextInt(5);
    }
    int kind = random.nextInt(kinds);
    if (kind < 60) {
      return random.nextInt(100);
    } else if (kind < 85) {
      return random.nextInt(8_000);
    } else if (kind < 95) {
      return random.nextInt(64 * 1024);
    } else if (kind < 99) {
      return MemoryLayout.RING_BYTES - 16 + random.nextInt(32);
    }
    return random.nextInt(3 * MemoryLayout.RING_BYTES);
  }

  static int type(int number) {
    return number & 0xf;
  }

  /** Fails if the frame that the reader is at is another than this one. */
  void check(int number, FrameReader frames) {
    byte[] expected = frame(number);
    if (frames.type() != type(number)
        || !Arrays.equals(
            expected,
            Frame.HEADER_BYTES,
            expected.length,
            frames.array(),
            frames.offset(),
            frames.offset() + frames.length())) {
      throw new AssertionError(
          "frame %d of seed %d has type %d and %d bytes; written were type %d and %d bytes"
              .formatted(
                  number,
                  seed,
                  frames.type(),
                  frames.length(),
                  type(number),
                  expected.length - Frame.HEADER_BYTES));
    }
  }
}
