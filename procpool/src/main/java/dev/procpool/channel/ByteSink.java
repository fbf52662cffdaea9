package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes as far as there is room: a socket, a ring. */
@FunctionalInterface
interface ByteSink {

  /**
   * Writes as much as goes at once.
   *
   * @param from the bytes, in an array
   * @return how many were written; 0 if there is no room
   * @throws IOException if the other end is gone or broken
   */
  int write(ByteBuffer from) throws IOException;
}
