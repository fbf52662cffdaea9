/** A source file as target: compiled, with the jars that it names. */
@NullMarked
package dev.procpool.cli.source;

import org.jspecify.annotations.NullMarked;
