/** What worker processes cost beside threads and other pools; {@code bench/run} prints it. */
@NullMarked
package dev.procpool.bench;

import org.jspecify.annotations.NullMarked;
