/**
 * The command line {@code procpool}: runs a Java method over rows, lines or files on worker
 * processes. Here is the program itself; each sub-package has one idea.
 *
 * <p>The way of an item: {@code input} reads a row as text, {@code task} converts it to the
 * method's arguments and calls the method in a worker, {@code run} takes its outcome, {@code
 * output} writes it as one JSON line.
 */
@NullMarked
package dev.procpool.cli;

import org.jspecify.annotations.NullMarked;
