/**
 * The command line {@code procpool}: runs a Java method over rows, lines or files on worker
 * processes.
 *
 * <p>The way of an item: {@link dev.procpool.cli.Rows} reads it as text, {@link
 * dev.procpool.cli.MethodTask} converts it to the method's arguments and calls the method in a
 * worker, {@link dev.procpool.cli.Run} takes its outcome and writes it as one JSON line.
 */
package dev.procpool.cli;
