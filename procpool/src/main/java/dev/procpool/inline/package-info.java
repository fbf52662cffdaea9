/** A pool whose workers are threads of the caller's JVM, for debugging. */
@NullMarked
package dev.procpool.inline;

import org.jspecify.annotations.NullMarked;
