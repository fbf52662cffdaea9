/** Turns values into bytes and back. Internal; knows nothing of processes. */
package dev.procpool.codec;
