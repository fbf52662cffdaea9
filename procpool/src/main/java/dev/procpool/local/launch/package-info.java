/**
 * Starts the processes of workers: the command, its options, what it finds and where.
 *
 * <p>Knows a worker by its id and number only.
 */
@NullMarked
package dev.procpool.local.launch;

import org.jspecify.annotations.NullMarked;
