/** Turns values into bytes and back. Internal; knows nothing of processes. */
@NullMarked
package dev.procpool.codec;

import org.jspecify.annotations.NullMarked;
