/** The early end of a run: by {@code --halt}, Ctrl-C or SIGTERM. */
@NullMarked
package dev.procpool.cli.stop;

import org.jspecify.annotations.NullMarked;
