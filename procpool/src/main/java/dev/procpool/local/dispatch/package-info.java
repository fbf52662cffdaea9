/**
 * Carries what happens between the scheduler, which decides, the workers, and the calls.
 *
 * <p>Everything here belongs to the engine's thread.
 */
@NullMarked
package dev.procpool.local.dispatch;

import org.jspecify.annotations.NullMarked;
