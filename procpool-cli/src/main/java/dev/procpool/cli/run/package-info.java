/** One run from its options to its exit code: puts the other packages together. */
@NullMarked
package dev.procpool.cli.run;

import org.jspecify.annotations.NullMarked;
