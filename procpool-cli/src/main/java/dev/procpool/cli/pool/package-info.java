/** The pools that a run can use: the seam between the command line and the backends. */
@NullMarked
package dev.procpool.cli.pool;

import org.jspecify.annotations.NullMarked;
