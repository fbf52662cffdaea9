/** Pools as Java's management shows them. */
@NullMarked
package dev.procpool.jmx;

import org.jspecify.annotations.NullMarked;
