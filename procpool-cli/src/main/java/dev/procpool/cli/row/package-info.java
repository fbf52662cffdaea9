/** One item of the input as text, and the form in which it crosses to a worker. */
@NullMarked
package dev.procpool.cli.row;

import org.jspecify.annotations.NullMarked;
