package dev.procpool.function;

import java.io.Serializable;

/**
 * An action of no arguments and without a result that a worker process can run.
 *
 * <p>It crosses to the worker by Java serialization, as {@link Task0} does.
 */
@FunctionalInterface
public interface Action0 extends Serializable {

  /**
   * Does the work, in a worker process.
   *
   * @throws Exception any failure: it costs this item only
   */
  void run() throws Exception;
}
