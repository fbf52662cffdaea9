package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Gives bytes as far as there are any: a socket, a ring. */
@FunctionalInterface
interface ByteSource {

  /**
   * Reads what is there.
   *
   * @param into where to; backed by an array
   * @return how many bytes were read; 0 if there are none now; -1 at the end
   * @throws IOException if the other end is broken
   */
  int read(ByteBuffer into) throws IOException;
}
