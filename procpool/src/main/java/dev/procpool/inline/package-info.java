/** A pool whose workers are threads of the caller's JVM, for debugging. */
package dev.procpool.inline;
