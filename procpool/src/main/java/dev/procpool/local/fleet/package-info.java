/**
 * The pool's worker processes: how many there are, their start, their handshake, their end.
 *
 * <p>Belongs to the engine's thread; what blocks is done on threads of the pool.
 */
@NullMarked
package dev.procpool.local.fleet;

import org.jspecify.annotations.NullMarked;
