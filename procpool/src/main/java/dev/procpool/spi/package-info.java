/**
 * The seam between the pool and the place where tasks run, for those who write backends, and that
 * between objects and bytes, for those who write codecs.
 */
package dev.procpool.spi;
