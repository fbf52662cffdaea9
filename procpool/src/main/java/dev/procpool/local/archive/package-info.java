/**
 * Archives of classes from which workers' JVMs start faster, and the folder where they are kept.
 */
@NullMarked
package dev.procpool.local.archive;

import org.jspecify.annotations.NullMarked;
