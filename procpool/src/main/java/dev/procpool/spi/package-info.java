/**
 * The seam between the pool and the place where tasks run, for those who write backends (start with
 * {@link dev.procpool.spi.ItemBackend}); that between objects and bytes, for those who write
 * codecs; and that between the logging libraries of workers and of their parent.
 */
@NullMarked
package dev.procpool.spi;

import org.jspecify.annotations.NullMarked;
