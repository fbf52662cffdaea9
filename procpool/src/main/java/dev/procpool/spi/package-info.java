/** The seam between the pool and the place where tasks run, for those who write backends. */
package dev.procpool.spi;
