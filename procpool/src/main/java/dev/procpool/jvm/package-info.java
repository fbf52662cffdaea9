/**
 * The options that this JVM was started with, and which of them a worker's JVM gets too: the
 * grammars in which options are written, where they are found, the rules. Knows no pool.
 */
@NullMarked
package dev.procpool.jvm;

import org.jspecify.annotations.NullMarked;
