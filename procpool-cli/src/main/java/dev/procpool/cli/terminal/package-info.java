/**
 * Standard output and standard error, where a person may be looking: the live block, harmless text,
 * a reader that has gone.
 */
@NullMarked
package dev.procpool.cli.terminal;

import org.jspecify.annotations.NullMarked;
