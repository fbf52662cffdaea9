/**
 * How a worker's process ended, and why, as far as anything tells.
 *
 * <p>A new reason for a worker's death goes here.
 */
@NullMarked
package dev.procpool.local.exit;

import org.jspecify.annotations.NullMarked;
