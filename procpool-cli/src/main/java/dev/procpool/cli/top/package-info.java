/** {@code top}: the pools of another program, as text. */
@NullMarked
package dev.procpool.cli.top;

import org.jspecify.annotations.NullMarked;
