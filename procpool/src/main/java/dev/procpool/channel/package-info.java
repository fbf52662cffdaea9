/**
 * The private line between the pool and one worker: frames of bytes over a Unix-domain socket, and
 * a mapped page that outlives the worker. Knows nothing of tasks.
 */
@NullMarked
package dev.procpool.channel;

import org.jspecify.annotations.NullMarked;
