package dev.procpool.local.engine;

import java.nio.channels.SelectionKey;

/** What the engine does in each round and at its end. Called by whoever has the engine's turn. */
public interface Driver {

  /** Handles a channel that can be read or written, or a socket that can be accepted. */
  void ready(SelectionKey key);

  /** Takes in what is there without a channel's being ready: tells whether there was anything. */
  boolean poll();

  /** Tells whether {@link #poll} would find something. */
  boolean hasInput();

  /** Has channels become ready when there is something to poll: false if there is now. */
  boolean sleep();

  /** Ends what {@link #sleep} began. */
  void awake();

  /**
   * Tells whether an access to shared memory has failed since one worker has taken that away, and
   * was dealt with: then the engine goes on.
   */
  boolean survives(InternalError error);

  /**
   * Does what is due, before each wait.
   *
   * @return when to be called again at the latest; {@code Long.MAX_VALUE} for no time
   */
  long round(long now);

  /** Tells whether the thread may end. */
  boolean isDone();

  /**
   * Is told what the thread died of, before {@link Engine#isStopped} says that it has ended; again
   * if it throws.
   */
  void died(Throwable error);

  /**
   * Is called when the thread ends, again if there was no memory for what is to be done then.
   *
   * @param isLast whether it is not called again
   * @return whether all is done
   */
  boolean ended(boolean isLast);
}
