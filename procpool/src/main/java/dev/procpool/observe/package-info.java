/** What a pool tells its observers, and what it counts for its statistics. */
@NullMarked
package dev.procpool.observe;

import org.jspecify.annotations.NullMarked;
