/** What a call takes along of the thread that makes it, to its items and its callbacks. */
@NullMarked
package dev.procpool.context;

import org.jspecify.annotations.NullMarked;
