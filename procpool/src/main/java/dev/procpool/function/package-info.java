/** The functional interfaces of tasks, and the tuples of their arguments. */
@NullMarked
package dev.procpool.function;

import org.jspecify.annotations.NullMarked;
