/** Limits of time: counted in the time that a process gets, not in the time that passes. */
@NullMarked
package dev.procpool.time;

import org.jspecify.annotations.NullMarked;
