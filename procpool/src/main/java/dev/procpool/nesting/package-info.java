/** What this process is to the pools made in it: a worker or not, and what its threads are at. */
@NullMarked
package dev.procpool.nesting;

import org.jspecify.annotations.NullMarked;
