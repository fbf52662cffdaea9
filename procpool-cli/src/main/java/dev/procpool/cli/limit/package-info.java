/** How fast items start, and how long each may take. */
@NullMarked
package dev.procpool.cli.limit;

import org.jspecify.annotations.NullMarked;
