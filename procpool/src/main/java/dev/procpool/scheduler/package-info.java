/**
 * Which item goes to which worker, and when. Pure: no thread, no input or output, no clock; every
 * event carries its time. Owned by whoever calls it, one thread at a time.
 */
@NullMarked
package dev.procpool.scheduler;

import org.jspecify.annotations.NullMarked;
