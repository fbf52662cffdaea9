package dev.procpool.observe;

import dev.procpool.PoolEvent;
import java.util.Map;
import java.util.OptionalLong;

/** A call that is under way, for those who ask how far it has come. Thread-safe. */
public interface ObservedCall {

  /**
   * How events name it.
   *
   * @return the name
   */
  PoolEvent.Call call();

  /**
   * Tells how many items it has.
   *
   * @return the number; empty if that is not known
   */
  OptionalLong items();

  /**
   * Gives what carriers have captured of who made it.
   *
   * @return names and values, by the carrier's name
   */
  Map<String, Map<String, String>> carried();

  /**
   * Tells how many items have ended.
   *
   * @return the number
   */
  long done();

  /**
   * Tells how many items have ended without success.
   *
   * @return the number
   */
  long failed();

  /**
   * Tells whether all items have ended.
   *
   * @return whether they have
   */
  boolean isEnded();
}
