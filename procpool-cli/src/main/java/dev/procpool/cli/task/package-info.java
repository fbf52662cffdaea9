/** What runs in a worker: the target made ready, and called for one row after the other. */
@NullMarked
package dev.procpool.cli.task;

import org.jspecify.annotations.NullMarked;
