/**
 * A call as the pool of processes has it: its task and items as bytes, read from the user's input
 * as they are needed.
 */
@NullMarked
package dev.procpool.local.call;

import org.jspecify.annotations.NullMarked;
