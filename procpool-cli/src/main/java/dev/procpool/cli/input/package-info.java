/**
 * The rows of a run: read from files, standard input or the command line, then combined, batched or
 * sampled.
 */
@NullMarked
package dev.procpool.cli.input;

import org.jspecify.annotations.NullMarked;
