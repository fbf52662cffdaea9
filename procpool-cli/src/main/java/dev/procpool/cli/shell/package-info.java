/**
 * What shells and {@code man} are told of the command line: completions and manual pages, made from
 * the same model as its help.
 */
@NullMarked
package dev.procpool.cli.shell;

import org.jspecify.annotations.NullMarked;
