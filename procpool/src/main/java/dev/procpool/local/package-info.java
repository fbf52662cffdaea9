/** Pools whose workers are processes on this machine, made by {@link ProcessPool}. */
@NullMarked
package dev.procpool.local;

import org.jspecify.annotations.NullMarked;
