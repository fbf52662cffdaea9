/** Shared values: their handles, how long they are kept, and what workers have of them. */
@NullMarked
package dev.procpool.sharing;

import org.jspecify.annotations.NullMarked;
