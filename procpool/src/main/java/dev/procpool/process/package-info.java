/** The processes that tasks start: how they are recognized, found and ended. Knows no task. */
@NullMarked
package dev.procpool.process;

import org.jspecify.annotations.NullMarked;
